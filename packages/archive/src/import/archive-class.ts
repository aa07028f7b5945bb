import { type Entry, type Keyspace, MAX_RETENTION_DAYS, RETENTION_CLASSES } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { markStore } from '../keep/claim-store.js';
import type { Manifest, ManifestStore } from '../manifest/manifest.js';
import type { KnownIn, Sealer } from '../seal/sealer.js';

/** A class of an archive's own: what is imported under it is kept for its days, whatever the settings. */
export interface ArchiveClass {
  /** a-z, 0-9 and -, at most 32, and no retention class. */
  readonly name: string;
  /** @default those the archive knows the class by */
  readonly days?: number | undefined;
}

/** What a class may be called: its name is the name of a folder. */
const CLASS_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** The class cannot be had. */
export class ArchiveClassError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ArchiveClassError';
  }
}

/** Names that folders of the archive have already. */
const TAKEN: readonly string[] = [...RETENTION_CLASSES, 'tmp'];

/** @see importEntries */
export interface ImportParts {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly manifest: ManifestStore;
  readonly sealer: Sealer;
  readonly knownIn: KnownIn;
}

/**
 * Seals entries at once under a class of the archive's own. They never stand in Redis, so from here on files answer for the
 * time up to the newest of them. Those whose ids are in files already are not sealed again.
 *
 * @throws ArchiveClassError when the class cannot be had.
 */
export async function importEntries(
  entries: readonly Entry[],
  given: ArchiveClass,
  { redis, keyspace, manifest, sealer, knownIn }: ImportParts,
): Promise<void> {
  const { name } = given;
  checkClass(given, manifest.current);
  const newest = entries.reduce((newest, { timestamp }) => Math.max(newest, timestamp), -1);
  const before = manifest.current.hotFrom;
  await sealer.sealUnknown(entries, knownIn, {
    retention: name,
    change: (current) => ({
      keptDays: { ...current.keptDays, [name]: checkClass(given, current) },
      hotFrom: Math.max(current.hotFrom, newest + 1),
    }),
  });
  if (manifest.current.hotFrom > before) await markStore({ redis, keyspace, manifest });
}

/** @returns for how many days the class is kept */
function checkClass({ name, days }: ArchiveClass, { keptDays }: Manifest): number {
  const shown = JSON.stringify(name);
  if (!CLASS_NAME.test(name) || TAKEN.includes(name))
    throw new ArchiveClassError(
      `class is ${shown}; allowed: a-z, 0-9 and -, at most 32, and none of ${TAKEN.join(', ')}`,
    );
  const known = keptDays?.[name];
  if (days === undefined) {
    if (known !== undefined) return known;
    throw new ArchiveClassError(`class ${shown} is new; the days it is kept must be given with it`);
  }
  if (!Number.isInteger(days) || days < 1 || days > MAX_RETENTION_DAYS)
    throw new ArchiveClassError(`days of class ${shown} is ${days}; allowed: 1 to ${MAX_RETENTION_DAYS}`);
  // Less would delete what was imported before, which no import is to do.
  if (known !== undefined && days < known)
    throw new ArchiveClassError(
      `days of class ${shown} is ${days}; allowed: the ${known} it is kept, or more`,
    );
  return days;
}
