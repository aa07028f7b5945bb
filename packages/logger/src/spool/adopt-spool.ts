import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AdoptedSpool } from './adopted-spool.js';
import { isOwned, OwnerFile, ownedName, ownerPath } from './owner-file.js';
import { checkSafeDirectory, UnsafeDirectoryError } from './safe-directory.js';
import { countSegment, isReadableFormat, type Segment, segmentNumber, TEMPORARY_SUFFIX } from './segment.js';
import { SpoolDirectory, type SpoolPlace } from './spool-directory.js';

/**
 * Takes over one spool whose writer is gone, if there is one. Of all processes that try at once, one gets it.
 *
 * @returns `undefined` when there is none. Call it again when the spool is through, and now and then: of a writer in
 *   another container or on another host it is known only after a minute that it is gone.
 * @throws UnsafeDirectoryError, or what the file system says.
 */
export async function adoptSpool(place: SpoolPlace): Promise<AdoptedSpool | undefined> {
  const target = join(place.spoolDir, place.target);
  const { directories, owned } = await listTarget(place);
  await removeStaleOwnerFiles(
    target,
    owned.filter((name) => !directories.includes(name)),
  );
  for (const name of directories) {
    if (!(await isAdoptable(join(target, name)))) continue;
    const directory = await claim(place, name);
    const spool = directory && (await openSpool(writerIdOf(name), directory));
    if (spool !== undefined) return spool;
  }
  return undefined;
}

/** Names of the directories there are, and of those that have an owner file. */
async function listTarget({ spoolDir, target }: SpoolPlace) {
  try {
    await checkSafeDirectory(spoolDir);
    await checkSafeDirectory(join(spoolDir, target));
    const found = await readdir(join(spoolDir, target), { withFileTypes: true });
    const directories = found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const owned = found.map(({ name }) => ownedName(name)).filter((name) => name !== undefined);
    return { directories: directories.sort(), owned };
  } catch (error) {
    if (isMissing(error)) return { directories: [], owned: [] };
    throw error;
  }
}

/** Left over when a process ends between marking a directory and making, claiming or removing it. */
async function removeStaleOwnerFiles(target: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const directory = join(target, name);
    if (!(await isOwned(directory))) await rm(ownerPath(directory), { force: true });
  }
}

/** What another user has put there is his. */
async function isAdoptable(directory: string): Promise<boolean> {
  if (await isOwned(directory)) return false;
  try {
    await checkSafeDirectory(directory);
    const [first] = await listSegments(directory);
    return first === undefined || isReadableFormat(await readStart(first.path));
  } catch (error) {
    if (isMissing(error) || error instanceof UnsafeDirectoryError) return false;
    throw error;
  }
}

/**
 * A rename, of which only the first can succeed, to a name that is marked as ours already. Who dies after it leaves a
 * directory that can be claimed the same way.
 */
async function claim(place: SpoolPlace, name: string): Promise<SpoolDirectory | undefined> {
  const target = join(place.spoolDir, place.target);
  const claimed = `${writerIdOf(name)}.${randomBytes(6).toString('base64url')}`;
  const owner = new OwnerFile(join(target, claimed));
  await owner.write();
  try {
    await rename(join(target, name), join(target, claimed));
  } catch (error) {
    await owner.remove();
    if (isMissing(error)) return undefined;
    throw error;
  }
  await rm(ownerPath(join(target, name)), { force: true });
  return new SpoolDirectory(place, claimed, owner, true);
}

/** @returns `undefined` when there was nothing in it; the directory is gone then. */
async function openSpool(writerId: string, directory: SpoolDirectory): Promise<AdoptedSpool | undefined> {
  try {
    const segments = await listSegments(directory.path);
    await removeUnfinished(directory.path);
    for (const segment of segments) {
      const buffer = await readFile(segment.path);
      segment.bytes = buffer.length;
      segment.entries = countSegment(buffer);
    }
    if (segments.length > 0) return new AdoptedSpool(writerId, directory, segments);
    await directory.remove();
    return undefined;
  } catch (error) {
    await directory.release();
    throw error;
  }
}

/** What a process leaves that ends while it rewrites a segment. */
async function removeUnfinished(directory: string): Promise<void> {
  const unfinished = (await readdir(directory)).filter((name) => name.endsWith(TEMPORARY_SUFFIX));
  for (const name of unfinished) await rm(join(directory, name), { force: true });
}

/** Segments in order, not looked into. */
async function listSegments(directory: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of await readdir(directory)) {
    const number = segmentNumber(name);
    const path = join(directory, name);
    if (number !== undefined)
      segments.push({ number, path, bytes: 0, entries: 0, levelBytes: {}, sealed: true });
  }
  return segments.sort((one, other) => one.number - other.number);
}

async function readStart(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file?.close();
  }
}

/** The part of a directory's name before the claim. */
function writerIdOf(name: string): string {
  return name.split('.', 1)[0] as string;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
