import { rmSync, writeFileSync } from 'node:fs';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { canBeFound, isRunning, ownMark, type ProcessMark } from './process-mark.js';

const HEARTBEAT_MS = 5_000;
/** An owner elsewhere whose heartbeat is this old counts as dead. */
const DEAD_AFTER_MS = 60_000;
const SUFFIX = '.owner';
const FILE_MODE = 0o600;

/** The file beside a directory that says which process owns it. */
export function ownerPath(directory: string): string {
  return directory + SUFFIX;
}

/** @returns the directory's name, or `undefined` for names of other files. */
export function ownedName(name: string): string | undefined {
  return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
}

/**
 * This process's mark on a directory. It stands beside the directory, not in it, so that it is there before the
 * directory has its name: no directory is ever seen unowned between being made or claimed and being marked.
 */
export class OwnerFile {
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #beat: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#path = ownerPath(directory);
  }

  async write(): Promise<void> {
    await writeFile(this.#path, content(), { mode: FILE_MODE });
    this.#startBeating();
  }

  writeSync(): void {
    writeFileSync(this.#path, content(), { mode: FILE_MODE });
    this.#startBeating();
  }

  /** Others may take the directory at once. */
  async remove(): Promise<void> {
    clearInterval(this.#timer);
    // A heartbeat on its way could put the file back.
    await this.#beat;
    await rm(this.#path, { force: true });
  }

  removeSync(): void {
    clearInterval(this.#timer);
    rmSync(this.#path, { force: true });
  }

  #startBeating(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      this.#beat = beat(this.#path);
    }, HEARTBEAT_MS);
    this.#timer.unref();
  }
}

async function beat(path: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(path, now, now);
  } catch {
    await writeFile(path, content(), { mode: FILE_MODE }).catch(() => undefined);
  }
}

function content(): string {
  return `${JSON.stringify(ownMark())}\n`;
}

/**
 * Whether a living process or worker thread owns the directory. Where numbers mean the same as here, it is looked for;
 * of an owner elsewhere, as on another host or in another container, only the heartbeat is known.
 */
export async function isOwned(directory: string): Promise<boolean> {
  const path = ownerPath(directory);
  try {
    const mark = parseMark(await readFile(path, 'utf8'));
    if (mark !== undefined && canBeFound(mark)) return isRunning(mark);
    const { mtimeMs } = await stat(path);
    // Far ahead is no sign of life either: the clock was set back, or the owner's is wrong.
    return Math.abs(Date.now() - mtimeMs) < DEAD_AFTER_MS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function parseMark(text: string): ProcessMark | undefined {
  try {
    const mark = JSON.parse(text);
    return Number.isInteger(mark.pid) && mark.pid > 0 ? mark : undefined;
  } catch {
    return undefined;
  }
}
