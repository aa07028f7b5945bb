import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Filter, TimeWindow } from '@tailrace/schema';
import { replaceFile } from '../files/private-files.js';

/** One sealed file. */
export interface SealedFile {
  /** Its path within the archive's folder, with `/`. */
  readonly name: string;
  /** A retention class, or a class of the archive's own. */
  readonly retention: string;
  /** UTC day of its entries: `2026-11-26`. */
  readonly day: string;
  /** Entries. */
  readonly rows: number;
  readonly bytes: number;
  /** Timestamps of its first and last entry, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly sha256: string;
  /** What DuckDB makes of all ids together, whatever their order. */
  readonly ids: string;
}

/** Entries that were erased, and may still be in files. */
export interface Tombstone {
  readonly filter: Filter;
  readonly window: TimeWindow;
  /** Names of the files that may have some: those there were when the entries were erased. */
  readonly files: readonly string[];
}

/** What the files are, at one moment. */
export interface Manifest {
  /** Of this format. */
  readonly version: 1;
  /** Which archive this is, as Redis knows it. */
  readonly archive: string;
  /** Counts the changes. */
  readonly generation: number;
  /** Stream id of the last entry that is sealed. */
  readonly position: string;
  /** Entries the stream had been given up to there. */
  readonly added: number;
  /** Redis has every entry from this timestamp on, epoch milliseconds. */
  readonly hotFrom: number;
  /** Whether the files have, with what is unsealed, every entry there is. */
  readonly isComplete: boolean;
  readonly files: readonly SealedFile[];
  readonly tombstones: readonly Tombstone[];
  /** Ids of entries that were deleted and can be restored: they are in files, and no read shows them. @default none are */
  readonly hidden?: readonly string[];
  /** Days that classes of the archive's own are kept. @default there are none */
  readonly keptDays?: Readonly<Record<string, number>>;
}

/** The manifest of a folder, in memory and on disk. */
export interface ManifestStore {
  readonly current: Manifest;
  /** Replaces the manifest: its next generation is on disk when this resolves. One change waits for the other. */
  /** @param changed is called in the same moment, so that nobody sees one without the other */
  change(by: (current: Manifest) => Partial<Manifest>, changed?: () => void): Promise<Manifest>;
}

const NAME = 'manifest.json';

/** The manifest on disk is damaged or of another version. */
export class ManifestError extends Error {
  constructor(path: string, reason: string) {
    super(`${path} ${reason}; without it nobody knows which files count`);
    this.name = 'ManifestError';
  }
}

/**
 * Opens the manifest of a folder, and makes an empty one where there is none.
 *
 * @throws ManifestError when it cannot be read.
 */
export async function openManifest(folder: string): Promise<ManifestStore> {
  const path = join(folder, NAME);
  let current = await readManifest(path);
  if (current === undefined) {
    current = emptyManifest();
    await replaceFile(path, JSON.stringify(current));
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    get current() {
      return current as Manifest;
    },
    change(by, changed) {
      const changing = last.then(async () => {
        const before = current as Manifest;
        const next: Manifest = { ...before, ...by(before), generation: before.generation + 1 };
        await replaceFile(path, JSON.stringify(next));
        current = next;
        changed?.();
        return next;
      });
      last = changing.catch(() => undefined);
      return changing;
    },
  };
}

function emptyManifest(): Manifest {
  return {
    version: 1,
    archive: randomUUID(),
    generation: 0,
    position: '0-0',
    added: 0,
    hotFrom: 0,
    isComplete: false,
    files: [],
    tombstones: [],
  };
}

async function readManifest(path: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ManifestError(path, `cannot be read: ${(error as Error).message}`);
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    throw new ManifestError(path, 'is damaged');
  }
  if (manifest?.version !== 1)
    throw new ManifestError(path, `is of version ${manifest?.version}; allowed: 1`);
  return manifest;
}
