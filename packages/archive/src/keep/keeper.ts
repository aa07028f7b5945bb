import type { LogReader } from '@tailrace/query';
import { DAY_MS, type Entry, HOUR_MS, type Keyspace, type RetentionDays } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { Duck } from '../duck/duck.js';
import type { Eraser } from '../erase/eraser.js';
import { timestampOfId, withoutHidden } from '../erase/hidden-entries.js';
import type { ManifestStore, SealedFile } from '../manifest/manifest.js';
import { type ParquetWriter, removeFiles } from '../seal/parquet-writer.js';
import type { KnownIn, Sealer } from '../seal/sealer.js';
import { markStore } from './claim-store.js';
import { copyFiles, expiredFiles } from './expired-files.js';
import { isFull } from './full-redis.js';
import { mergeGroups } from './merge-files.js';
import { removeSealed } from './remove-sealed.js';
import { compareWithRedis } from './unknown-entries.js';

/** @see createKeeper */
export interface KeeperOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly hotHours?: number | undefined;
  readonly expiredTo?: string | undefined;
  readonly graceMs?: number;
  readonly report: (text: string) => void;
  readonly now: () => number;
  readonly folder: string;
  readonly duck: Duck;
  readonly hot: LogReader;
  readonly manifest: ManifestStore;
  readonly sealer: Sealer;
  readonly writer: ParquetWriter;
  readonly eraser: Eraser;
  /** Whether the stream lost entries before they were read. */
  readonly gap: { isOpen: boolean };
  readonly knownIn: KnownIn;
  readonly catchUp: () => Promise<void>;
  /** Names of damaged files, which stay as they are. */
  readonly damaged: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Does what is due from time to time: completes, expires, merges, and takes out of Redis. */
export interface Keeper {
  /** Does it now; one call waits for the other. Rejects with what could not be done. */
  keep(): Promise<void>;
  /** Waits for what is being done, and holds the next back until what this returns is called. */
  pause(): Promise<() => void>;
  /** A read of Redis begins; it is over when what this returns is called. */
  beginHotRead(): () => void;
  /** Resolves when nothing is being done. */
  settled(): Promise<void>;
}

/** Hours that stay in Redis when it is nearly full. */
const HOURS_WHEN_FULL = 1;
const DEFAULT_GRACE_MS = 60_000;
/** Entries found in Redis that are sealed together. */
const FOUND_ENTRIES = 20_000;

/** @see Keeper */
export function createKeeper(options: KeeperOptions): Keeper {
  const { redis, keyspace, now, folder, duck, hot, manifest, sealer, gap, catchUp, signal } = options;
  const hotReads = new Set<object>();
  let keeping: Promise<void> = Promise.resolve();
  const comparison = { hot, duck, folder, view: () => sealer.view(), signal };

  async function keepAll(): Promise<void> {
    try {
      await options.eraser.resume(signal);
      if (gap.isOpen || !manifest.current.isComplete) await fillGaps();
      await expire();
      for (const group of mergeGroups(manifest.current, now(), options.damaged)) {
        signal.throwIfAborted();
        await merge(group);
      }
      await removeHot();
    } catch (error) {
      if (!signal.aborted) options.report(`the archive could not be tidied: ${String(error)}`);
      throw error;
    }
  }

  /** Seals what Redis has and the stream has not: older than the archive, or trimmed before it was read. */
  async function fillGaps(): Promise<void> {
    gap.isOpen = false;
    try {
      const window = { from: 0, to: now() + DAY_MS };
      let found: Entry[] = [];
      for await (const { unknown } of compareWithRedis({ ...comparison, window })) {
        found = [...found, ...unknown];
        if (found.length < FOUND_ENTRIES) continue;
        await sealFound(found);
        found = [];
      }
      if (found.length > 0) await sealFound(found);
      await manifest.change(() => ({ isComplete: true }));
    } catch (error) {
      gap.isOpen = true;
      throw error;
    }
  }

  /** Seals entries that were found in Redis; most of them are on their way by the stream. */
  async function sealFound(entries: readonly Entry[]): Promise<void> {
    await catchUp();
    await sealer.sealUnknown(entries, options.knownIn);
  }

  async function expire(): Promise<void> {
    const { files, keptDays = {}, hidden } = manifest.current;
    const oldest = now() - Math.max(...Object.values({ ...options.retentionDays, ...keptDays })) * DAY_MS;
    if (hidden?.some((id) => timestampOfId(id) < oldest) === true)
      await manifest.change((current) => withoutHidden(current, (id) => timestampOfId(id) < oldest));
    const expired = expiredFiles(files, options.retentionDays, now(), keptDays);
    if (expired.length === 0) return;
    if (options.expiredTo !== undefined) await copyFiles(folder, options.expiredTo, expired);
    const names = new Set(expired.map(({ name }) => name));
    await sealer.changeFiles(() =>
      manifest.change(({ files }) => ({ files: files.filter(({ name }) => !names.has(name)) })),
    );
    discard(expired);
  }

  async function merge(group: readonly SealedFile[]): Promise<void> {
    const isDone = await sealer.changeFiles(async (current) => {
      const names = new Set(group.map(({ name }) => name));
      const isPending = current.tombstones.some(({ files }) => files.some((name) => names.has(name)));
      if (isPending || current.files.filter(({ name }) => names.has(name)).length < group.length)
        return false;
      const merged = await options.writer.merge(group);
      await manifest.change(({ files }) => ({
        files: [...files.filter(({ name }) => !names.has(name)), ...(merged === undefined ? [] : [merged])],
      }));
      return true;
    });
    if (isDone) discard(group);
  }

  async function removeHot(): Promise<void> {
    const { hotHours } = options;
    if (hotHours === undefined || gap.isOpen || !manifest.current.isComplete) return;
    const hours = (await isFull(redis)) ? Math.min(hotHours, HOURS_WHEN_FULL) : hotHours;
    const to = Math.floor((now() - hours * HOUR_MS) / HOUR_MS) * HOUR_MS;
    if (to <= 0) return;
    await catchUp();
    await sealer.seal();
    // Readers ask the archive for what is older, from here on; those that asked Redis are let finish.
    if (to > manifest.current.hotFrom) {
      await manifest.change(() => ({ hotFrom: to }));
      await markStore({ redis, keyspace, manifest });
    }
    await finished(hotReads, signal);
    for await (const { entries, unknown } of compareWithRedis({
      ...comparison,
      window: { from: 0, to: to - 1 },
    })) {
      if (unknown.length > 0) await sealFound(unknown);
      const waiting = new Set(sealer.view().unsealed.map(({ entry }) => entry.id));
      await removeSealed({ redis, keyspace, entries: entries.filter(({ id }) => !waiting.has(id)) });
    }
  }

  /** Removes files that no manifest names any more, when nobody reads them. */
  function discard(files: readonly SealedFile[]): void {
    const timer = setTimeout(() => void removeFiles(folder, files), options.graceMs ?? DEFAULT_GRACE_MS);
    timer.unref();
  }

  return {
    keep() {
      const run = keeping.catch(() => undefined).then(keepAll);
      keeping = run;
      return run;
    },
    async pause() {
      const before = keeping.catch(() => undefined);
      let letGo = () => {};
      keeping = new Promise((resolve) => {
        letGo = resolve;
      });
      await before;
      return letGo;
    },
    beginHotRead() {
      const read = {};
      hotReads.add(read);
      return () => void hotReads.delete(read);
    },
    settled: () => keeping.catch(() => undefined),
  };
}

/** Waits for the reads that are under way now; a read lasts seconds at most. */
async function finished(reads: ReadonlySet<object>, signal: AbortSignal): Promise<void> {
  const waited = [...reads];
  while (waited.some((read) => reads.has(read)) && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
