import { statfsSync } from 'node:fs';
import { lstat, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OwnerFile } from './owner-file.js';
import { makeSafeDirectory, makeSafeDirectorySync } from './safe-directory.js';

/** Where the spools of one target are: `{spoolDir}/{target}`. */
export interface SpoolPlace {
  /** Directory of all spools; it is made when it is not there. */
  readonly spoolDir: string;
  /** Short hash of which Redis and key prefix the entries are for. */
  readonly target: string;
  /** What the entries' ids begin with; others in the files are not taken. @default '' */
  readonly keyPrefix?: string;
}

/** The directory of one spool, owned by this process from when it is made until it is released or removed. */
export class SpoolDirectory {
  readonly keyPrefix: string;
  #path: string;
  readonly #parents: readonly string[];
  #owner: OwnerFile;
  #isMade: boolean;

  /** @param isMade whether the directory is there and marked as ours already */
  constructor(
    { spoolDir, target, keyPrefix = '' }: SpoolPlace,
    name: string,
    owner = new OwnerFile(join(spoolDir, target, name)),
    isMade = false,
  ) {
    this.keyPrefix = keyPrefix;
    this.#path = join(spoolDir, target, name);
    this.#parents = [spoolDir, join(spoolDir, target)];
    this.#owner = owner;
    this.#isMade = isMade;
  }

  get path(): string {
    return this.#path;
  }

  /** Gives the directory another name, under which it is made next. It must not be there now. */
  rename(name: string): void {
    this.#path = join(dirname(this.#path), name);
    this.#owner = new OwnerFile(this.#path);
  }

  /** @throws UnsafeDirectoryError, or what the file system says. */
  async make(): Promise<void> {
    if (this.#isMade) return;
    for (const parent of this.#parents) await makeSafeDirectory(parent);
    await this.#owner.write();
    await makeSafeDirectory(this.path);
    this.#isMade = true;
  }

  /** As {@link make}, also when the directory was taken meanwhile. */
  makeSync(): void {
    for (const parent of this.#parents) makeSafeDirectorySync(parent);
    this.#owner.writeSync();
    makeSafeDirectorySync(this.path);
    this.#isMade = true;
  }

  /** What its disk has left, whether it is made or not; `undefined` when that is not known. Who has a quota may have less. */
  freeBytes(): number | undefined {
    for (const path of [this.#path, ...this.#parents.toReversed(), dirname(this.#parents[0] as string)]) {
      const disk = statDisk(path);
      if (disk !== undefined) return disk.bavail * disk.bsize;
    }
    return undefined;
  }

  /**
   * Looks whether the directory is no longer where it was: another process took it, which renames it, or somebody
   * removed it. It can be made anew then.
   *
   * @returns `false` also when it cannot be told.
   */
  async noticeLoss(): Promise<boolean> {
    if (!this.#isMade) return false;
    try {
      await lstat(this.path);
      return false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
      await this.release();
      return true;
    }
  }

  /** Removes the directory when it is empty, and gives it up. */
  async remove(): Promise<void> {
    // What lies in it still, since it could not be removed, is left to whoever adopts it.
    if (this.#isMade) await rmdir(this.path).catch(() => undefined);
    await this.release();
  }

  /** Leaves the directory to the next process. */
  async release(): Promise<void> {
    this.#isMade = false;
    await this.#owner.remove().catch(() => undefined);
  }

  releaseSync(): void {
    this.#isMade = false;
    try {
      this.#owner.removeSync();
    } catch {
      // The next process sees by its process number that the owner is gone.
    }
  }
}

function statDisk(path: string) {
  try {
    return statfsSync(path);
  } catch {
    return undefined;
  }
}
