import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReader } from '@tailrace/query';
import { DAY_MS, DEFAULT_RETENTION_DAYS, type Entry, Keyspace } from '@tailrace/schema';
import type { SuiteEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { afterEach } from 'vitest';
import { type Draft, draftArbitrary, entryOf } from '../../../query/src/testing/random-entries.js';
import { storeEntries } from '../../../query/src/testing/store-entries.js';
import { type Archive, type ArchiveOptions, openArchive } from '../archive.js';
import { composeReader } from '../read/compose-reader.js';

/** What the archives of a suite take for now. */
export const NOW = Date.UTC(2024, 0, 15, 12, 0, 30);

/** Runs of a property: a third of all, and all of them in `.ci/long`. */
export function runsOf(whole: number): number {
  return process.env.TAILRACE_LONG === '1' ? whole : Math.ceil(whole / 3);
}

/** Opens archives on the engine of a suite, in folders of their own; they are closed and removed after each test. */
export function useArchives(engine: SuiteEngine) {
  const opened: Archive[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const archive of opened.splice(0)) await archive.close();
    // Closing the archive of a store in memory holds writes back.
    await engine.redis.config('SET', 'maxmemory', '0');
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  async function open(options: Partial<ArchiveOptions> = {}) {
    const { redis } = engine;
    const keyspace = options.keyspace ?? new Keyspace({ prefix: engine.newKeyPrefix() });
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'tailrace-archive-')));
    if (options.folder === undefined) folders.push(folder);
    const archive = await openArchive({
      folder,
      redis,
      keyspace,
      retentionDays: DEFAULT_RETENTION_DAYS,
      isMemoryOnly: false,
      report: () => {},
      now: () => NOW,
      tickMs: 60_000,
      keepMs: 3_600_000,
      graceMs: 500,
      ...options,
    });
    opened.push(archive);
    const hot = createReader({
      redis,
      keyspace,
      retentionDays: DEFAULT_RETENTION_DAYS,
      now: () => NOW,
      scanBudget: { candidates: 1_000_000, milliseconds: 60_000 },
    });
    return {
      archive,
      folder,
      keyspace,
      hot,
      reader: composeReader(hot, archive.reader, archive.sides),
      store: (entries: readonly Entry[]) => storeEntries(redis, keyspace, entries, NOW),
      make: (draft: Draft) => entryOf(draft, keyspace, NOW),
    };
  }

  return { open, folders };
}

/** Entries of the last hours, days and weeks, as far as their class is kept. */
export function drafts(seed: number, count: number): Draft[] {
  return fc
    .sample(fc.tuple(draftArbitrary, fc.constantFrom(0, 0, 1, 2, 5)), { numRuns: count, seed })
    .map(([draft, days]) => ({ ...draft, ageMs: draft.ageMs + days * DAY_MS }));
}
