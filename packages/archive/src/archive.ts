import { join } from 'node:path';
import {
  type CompiledFilter,
  createReader,
  createScanStatistics,
  type ErasedFromFiles,
  type LogReader,
} from '@tailrace/query';
import {
  decodeStreamEntry,
  type Entry,
  type Keyspace,
  type RetentionDays,
  type TimeWindow,
} from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { createDuck } from './duck/duck.js';
import { createEraser } from './erase/eraser.js';
import { hiddenOf, hideEntry, showEntry } from './erase/hidden-entries.js';
import { createStreamFeed } from './feed/stream-feed.js';
import { type FolderLock, lockFolder } from './files/folder-lock.js';
import { makeFolder } from './files/private-files.js';
import { every } from './files/repeated.js';
import { type ArchiveClass, importEntries } from './import/archive-class.js';
import { type Journal, openJournal } from './journal/journal.js';
import { claimStore, markStore } from './keep/claim-store.js';
import { createKeeper } from './keep/keeper.js';
import { knownIds } from './keep/known-ids.js';
import { keepState, type StateKeeper } from './keep/memory-state.js';
import { removeLeftovers } from './manifest/leftovers.js';
import { openManifest, type SealedFile } from './manifest/manifest.js';
import { type ColdView, createColdReader } from './read/cold-reader.js';
import type { Sides } from './read/compose-reader.js';
import { createDamageGuard, guarded } from './read/without-damaged.js';
import { createParquetWriter } from './seal/parquet-writer.js';
import { Sealer } from './seal/sealer.js';
import { type ColdStatistics, createColdStatistics } from './statistics/cold-statistics.js';
import { type ArchiveStatus, statusOf } from './status.js';
import { type Verification, verifyFiles } from './verify.js';

/** @see openArchive */
export interface ArchiveOptions {
  /** Where it keeps its files: `DATA_DIR`. */
  readonly folder: string;
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  /** The store forgets all when it ends: entries are journalled, and what it must know is kept. */
  readonly isMemoryOnly: boolean;
  /** Hours after which sealed entries leave Redis; `undefined`: when they expire. */
  readonly hotHours?: number | undefined;
  /** Where files of expired days go instead of being deleted: `ARCHIVE_TO`. @default they are deleted */
  readonly expiredTo?: string | undefined;
  /** Told of trouble, and of what is skipped. */
  readonly report: (text: string) => void;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Entries that are sealed without waiting for time to pass. @default 25000 */
  readonly sealEntries?: number;
  /** Milliseconds an entry is unsealed at most. @default 300000 */
  readonly sealAfterMs?: number;
  /** Milliseconds between two looks at the stream. @default 250 */
  readonly tickMs?: number;
  /** Milliseconds between merging, expiring and removing. @default 60000 */
  readonly keepMs?: number;
  /** Milliseconds a file stays that nobody needs any more, for those who read it now. @default 60000 */
  readonly graceMs?: number;
}

/** Sealed files beside a Redis, and what is not sealed yet. */
export interface Archive {
  /** Reads files and what is unsealed; not what only Redis has. */
  readonly reader: LogReader;
  readonly statistics: ColdStatistics;
  /** What Redis is complete of, and the archive. */
  sides(): Sides;
  /** A read of Redis begins; it is over when what this returns is called. */
  beginHotRead(): () => void;
  /** Erases what matches from files and from what is unsealed. */
  erase(filter: CompiledFilter, window: TimeWindow, signal?: AbortSignal): AsyncGenerator<ErasedFromFiles>;
  /**
   * Hides an entry from every read of files and of what is unsealed, until it is shown again or its class ends.
   *
   * @throws TooManyHiddenError
   */
  hide(id: string): Promise<void>;
  /** @returns whether the entry was hidden */
  show(id: string): Promise<boolean>;
  /**
   * Seals entries at once under a class of the archive's own, which is kept for its days; those that are sealed already are not.
   *
   * @throws ArchiveClassError when the class cannot be had.
   */
  import(entries: readonly Entry[], under: ArchiveClass): Promise<void>;
  /** Seals what is unsealed now. */
  seal(): Promise<void>;
  /** Merges, expires and removes what is due, as happens every minute. */
  keep(): Promise<void>;
  /** Waits for what {@link Archive.keep} does, and holds it back until what this returns is called. */
  pauseKeeping(): Promise<() => void>;
  status(): ArchiveStatus;
  /** Compares every file with the manifest. */
  verify(signal?: AbortSignal): Promise<Verification>;
  close(): Promise<void>;
}

/**
 * Opens the archive of a folder, and goes on where the last process stopped.
 *
 * @throws DuckMissingError, FolderInUseError, ManifestError, ForeignArchiveError, or what the file system or Redis say.
 */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  const { redis, keyspace, retentionDays, isMemoryOnly, report, now = Date.now } = options;
  const { sealEntries = 25_000, sealAfterMs = 300_000, tickMs = 250, keepMs = 60_000 } = options;
  const folder = join(options.folder, 'archive');
  await makeFolder(folder);
  const closers: (() => unknown)[] = [];
  const closing = new AbortController();
  const close = async () => {
    closing.abort();
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const lock: FolderLock = await lockFolder(options.folder);
    closers.push(() => lock.release());
    const manifest = await openManifest(folder);
    await removeLeftovers(folder, manifest);
    const duck = createDuck({ temporary: join(folder, 'tmp') });
    closers.push(() => duck.close());
    await duck.query('SELECT 1');
    const writer = createParquetWriter({ duck, folder });
    const knownIn = (files: readonly SealedFile[], entries: readonly Entry[]) =>
      knownIds({ duck, folder, files, entries });
    const journaled = isMemoryOnly ? await openJournal(join(options.folder, 'journal')) : undefined;
    const journal: Journal | undefined = journaled?.journal;
    if (journal !== undefined) closers.push(() => journal.close());
    const left = (journaled?.left ?? []).flatMap(({ json }) => decodeStreamEntry(json) ?? []);
    const sealer = new Sealer({
      folder,
      manifest,
      writer,
      journal,
      known: new Set(left.map(({ id }) => id)),
    });
    if (journal !== undefined) {
      if (left.length > 0) await sealer.sealUnknown(left, knownIn);
      await journal.rewrite([]);
    }
    const state: StateKeeper | undefined = isMemoryOnly
      ? await keepState(redis, keyspace, options.folder)
      : undefined;
    await claimStore({ redis, keyspace, manifest, now });

    const hot = createReader({ redis, keyspace, retentionDays, now });
    const gap = { isOpen: false };
    let trouble: string | undefined;
    const feed = createStreamFeed({
      redis,
      key: keyspace.stream(),
      from: manifest.current,
      take: (entries, place) => sealer.take(entries, place),
      onGap: () => {
        gap.isOpen = true;
      },
      onLost: async () => {
        // Cleared or expired, the stream alone begins anew.
        const isOurs = (await redis.hget(keyspace.archive(), 'id')) === manifest.current.archive;
        if (isOurs) return sealer.restart(manifest.current.hotFrom);
        report('the store has lost its data: the archive goes on with what comes from now on');
        await sealer.restart(now());
        await markStore({ redis, keyspace, manifest });
      },
    });
    const lackOf = () =>
      gap.isOpen || !manifest.current.isComplete
        ? 'some entries are not archived yet, and are in Redis only'
        : undefined;
    const findDamaged = async (known: ReadonlySet<string>) => {
      const files = manifest.current.files.filter(({ name }) => !known.has(name));
      return (await verifyFiles({ duck, folder, files, signal: closing.signal })).damaged;
    };
    const guard = createDamageGuard(() => manifest.current.generation, findDamaged, report);
    const view = async (): Promise<ColdView> => {
      await feed.catchUp();
      const { manifest: current, unsealed } = sealer.view();
      const files = current.files.filter(({ name }) => !guard.names.has(name));
      const hidden = new Set(hiddenOf(current));
      const shown = hidden.size === 0 ? unsealed : unsealed.filter(({ entry }) => !hidden.has(entry.id));
      return { manifest: { ...current, files }, unsealed: shown, lack: guard.reason ?? lackOf() };
    };
    const reader = guarded(createColdReader({ duck, folder, view }), guard);
    const scanning = createScanStatistics({ reader, now });
    const eraser = createEraser({ duck, folder, manifest, writer, sealer, catchUp: feed.catchUp });
    const keeper = createKeeper({
      ...options,
      now,
      folder,
      duck,
      hot,
      manifest,
      sealer,
      writer,
      eraser,
      gap,
      knownIn,
      catchUp: feed.catchUp,
      damaged: guard.names,
      signal: closing.signal,
    });
    await feed.catchUp();
    if (isMemoryOnly && !gap.isOpen) await manifest.change(() => ({ isComplete: true }));

    const ticking = every(tickMs, tick);
    const keepingTimer = every(keepMs, keeper.keep);
    closers.push(async () => {
      ticking.stop();
      keepingTimer.stop();
      await Promise.all([ticking.last(), keepingTimer.last(), keeper.settled()]);
      await saveAll().catch((error: unknown) =>
        report(`the archive could not be closed well: ${messageOf(error)}`),
      );
    });

    const archive: Archive = {
      reader,
      statistics: guarded(createColdStatistics({ duck, folder, view, scanning }), guard),
      sides: () => ({
        hotFrom: manifest.current.hotFrom,
        isComplete: manifest.current.isComplete && !gap.isOpen,
      }),
      beginHotRead: keeper.beginHotRead,
      erase: (filter, window, signal) => eraser.erase(filter, window, signal),
      async hide(id) {
        // It must be here before its event leaves the stream.
        await feed.catchUp();
        await journal?.sync();
        await hideEntry(manifest, id);
      },
      show: (id) => showEntry(manifest, id),
      import: (entries, under) =>
        importEntries(entries, under, { redis, keyspace, manifest, sealer, knownIn }),
      async seal() {
        await feed.catchUp();
        await sealer.seal();
      },
      keep: keeper.keep,
      pauseKeeping: keeper.pause,
      status: () =>
        statusOf({
          folder: options.folder,
          manifest: manifest.current,
          unsealed: sealer.unsealed,
          trouble,
          lack: guard.reason ?? lackOf(),
        }),
      verify: (signal) => verifyFiles({ duck, folder, files: manifest.current.files, signal }),
      close,
    };
    void archive.keep().catch(() => undefined);
    return archive;

    /** Reads what has come, and seals it when it is time. */
    async function tick(): Promise<void> {
      try {
        // The state first: what it says was applied is then surely journalled.
        const saveState = await state?.read();
        await feed.catchUp();
        await journal?.sync();
        await saveState?.();
        const { count, since } = sealer.unsealed;
        const isDue = since !== undefined && performance.now() - since >= sealAfterMs;
        if (count >= sealEntries || isDue) await sealer.seal();
        if (trouble !== undefined) report('the archive goes on');
        trouble = undefined;
      } catch (error) {
        if (closing.signal.aborted) return;
        if (trouble === undefined) report(`the archive cannot go on now: ${messageOf(error)}`);
        trouble = messageOf(error);
      }
    }

    async function saveAll(): Promise<void> {
      // What is written behind this look would end with the store: its writers keep it for the next one.
      if (isMemoryOnly) await redis.config('SET', 'maxmemory', '1');
      const saveState = await state?.read();
      await feed.catchUp();
      await journal?.sync();
      await saveState?.();
    }
  } catch (error) {
    await close();
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
