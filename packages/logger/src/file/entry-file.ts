import { type Entry, LEVELS } from '@tailrace/schema';
import type { LoggerError } from '../logger-options.js';
import { clearImmediate, clearTimeout, setImmediate, setTimeout } from '../real-timers.js';
import type { ResolvedAuditFile } from './audit-file-options.js';
import { fileLine } from './operation-line.js';
import { appendRotated, TornWriteError } from './rotated-append.js';

/** Bytes written before other work gets its turn. */
const MAX_BYTES_A_TURN = 64 * 1024;
/** Bytes that wait for a disk that takes nothing; lines past them are not in the file. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const RETRY_MS = 1_000;

/** Writes entries into a rotated file of JSON lines, soon after their batch is made, and the last ones before the process ends. */
export class EntryFile {
  readonly #options: ResolvedAuditFile;
  readonly #report: (error: LoggerError) => void;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #turn: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isTorn = false;
  #missed = 0;

  constructor(options: ResolvedAuditFile, report: (error: LoggerError) => void) {
    this.#options = options;
    this.#report = report;
  }

  /** Takes an entry, where it belongs into the file. */
  write(entry: Entry): void {
    if (!this.#takes(entry)) return;
    const line = Buffer.from(`${fileLine(entry)}\n`);
    if (this.#waitingBytes + line.length > MAX_WAITING_BYTES) {
      this.#missed++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    if (this.#retry === undefined) this.#turn ??= setImmediate(() => this.#takeTurn());
  }

  /** Writes what waits. */
  flushSync(): void {
    while (this.#waiting.length > 0 && this.#writeSome());
  }

  /** Writes what waits; what comes later is not written by itself. */
  close(): void {
    clearImmediate(this.#turn);
    clearTimeout(this.#retry);
    this.flushSync();
  }

  #takes({ level, component }: Entry): boolean {
    const { level: lowest, component: wanted } = this.#options;
    if (LEVELS[level] < LEVELS[lowest]) return false;
    return wanted === undefined || component === wanted || component.startsWith(`${wanted}.`);
  }

  #takeTurn(): void {
    this.#turn = undefined;
    this.#retry = undefined;
    if (!this.#writeSome()) {
      this.#retry = setTimeout(() => this.#takeTurn(), RETRY_MS);
      this.#retry.unref();
    } else if (this.#waiting.length > 0) {
      this.#turn = setImmediate(() => this.#takeTurn());
    }
  }

  /** @returns whether the disk took it. */
  #writeSome(): boolean {
    let count = 0;
    let bytes = 0;
    for (const line of this.#waiting) {
      if (count > 0 && bytes + line.length > Math.min(MAX_BYTES_A_TURN, this.#options.maxBytes)) break;
      bytes += line.length;
      count++;
    }
    const lines = this.#waiting.slice(0, count);
    try {
      // Behind a torn line the next one begins anew; the torn one is written again, whole.
      appendRotated(this.#options, Buffer.concat(this.#isTorn ? [NEW_LINE, ...lines] : lines));
    } catch (cause) {
      this.#isTorn ||= cause instanceof TornWriteError;
      this.#tell(cause);
      return false;
    }
    this.#isTorn = false;
    this.#waiting = this.#waiting.slice(count);
    this.#waitingBytes -= bytes;
    if (this.#missed > 0) this.#tell(undefined);
    this.#missed = 0;
    return true;
  }

  #tell(cause: unknown): void {
    const missed = this.#missed === 0 ? 'entries wait for it' : `${this.#missed} entries are not in it`;
    this.#report({ code: 'file_failed', message: `the audit file cannot be written: ${missed}`, cause });
  }
}

const NEW_LINE = Buffer.from('\n');
