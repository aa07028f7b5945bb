import { closeSync, writeSync } from 'node:fs';
import type { Entry } from '@tailrace/schema';
import { clearImmediate, clearTimeout, monotonicMs, setImmediate, setTimeout } from '../real-timers.js';
import { jsonLine } from './json-line.js';
import { nonBlocking } from './non-blocking.js';
import { prettyLine } from './pretty-line.js';

/** How entries are shown. */
export interface ConsoleOutputOptions {
  readonly format: 'pretty' | 'json';
  /** Descriptor that is written to. @default 1, stdout */
  readonly fd?: number;
  /** Whether `pretty` has colours. @default false */
  readonly isColored?: boolean;
  /** Bytes that may wait for a slow reader; lines past it are dropped and counted. @default 1048576 (1 MiB) */
  readonly maxBufferedBytes?: number;
}

const DEFAULT_MAX_BUFFERED_BYTES = 1024 * 1024;
/** Bytes written before other work gets its turn. */
const MAX_BYTES_A_TURN = 64 * 1024;
/** Milliseconds until a reader that was full is tried again; twice as long each time, up to the second. */
const MIN_RETRY_MS = 1;
const MAX_RETRY_MS = 64;
/** Milliseconds a reader gets at the exit of the process to take what is left. */
const EXIT_MS = 100;
const EXIT_STEP_MS = 2;

/**
 * Shows entries on stdout, one line each, and never waits: what its reader does not take in time is dropped and counted.
 * A reader that went away (`| head`) ends the output, and a full disk drops lines; neither is an error of the process.
 */
export class ConsoleOutput {
  readonly #line: (entry: Entry) => string;
  readonly #maxBufferedBytes: number;
  readonly #target: { readonly fd: number; readonly isOwn: boolean };
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #turn: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = MIN_RETRY_MS;
  #isOpen = true;
  #dropped = 0;

  constructor({ format, fd = 1, isColored = false, maxBufferedBytes }: ConsoleOutputOptions) {
    this.#line = format === 'json' ? jsonLine : (entry) => prettyLine(entry, isColored);
    this.#maxBufferedBytes = maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES;
    this.#target = nonBlocking(fd);
  }

  /** Lines that were not shown, because the reader was too slow or the disk full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Shows an entry soon. Writes nothing itself. */
  write(entry: Entry): void {
    if (!this.#isOpen) return;
    const line = Buffer.from(`${this.#line(entry)}\n`);
    if (this.#waitingBytes + line.length > this.#maxBufferedBytes) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    if (this.#retry === undefined) this.#turn ??= setImmediate(() => this.#takeTurn());
  }

  /** Writes what waits, for a process that ends; a reader that takes nothing is waited for 100 ms at most. */
  flushSync(): void {
    const deadline = monotonicMs() + EXIT_MS;
    while (this.#waiting.length > 0) {
      if (this.#writeSome(MAX_BYTES_A_TURN)) continue;
      if (monotonicMs() > deadline) break;
      sleep(EXIT_STEP_MS);
    }
  }

  /** Writes what the reader takes now, and ends the output. Idempotent. */
  close(): void {
    if (!this.#isOpen) return;
    this.flushSync();
    this.#dropped += this.#waiting.length;
    this.#end();
  }

  #takeTurn(): void {
    this.#turn = undefined;
    const isTaken = this.#writeSome(MAX_BYTES_A_TURN);
    if (this.#waiting.length === 0) return;
    if (isTaken) {
      this.#retryMs = MIN_RETRY_MS;
      this.#turn = setImmediate(() => this.#takeTurn());
      return;
    }
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#takeTurn();
    }, this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  /** @returns whether the reader took it, so that more can be tried at once. */
  #writeSome(maxBytes: number): boolean {
    const chunk = this.#nextChunk(maxBytes);
    try {
      this.#taken(writeSync(this.#target.fd, chunk));
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') return false;
      this.#dropped += this.#waiting.length;
      this.#waiting = [];
      this.#waitingBytes = 0;
      // A disk may have room again; a reader that went away does not come back.
      if (code !== 'ENOSPC' && code !== 'EDQUOT') this.#end();
      return true;
    }
  }

  #nextChunk(maxBytes: number): Buffer {
    let bytes = 0;
    let lines = 0;
    for (const line of this.#waiting) {
      if (lines > 0 && bytes + line.length > maxBytes) break;
      bytes += line.length;
      lines++;
    }
    return lines === 1 ? (this.#waiting[0] as Buffer) : Buffer.concat(this.#waiting.slice(0, lines), bytes);
  }

  #taken(bytes: number): void {
    this.#waitingBytes -= bytes;
    let left = bytes;
    let lines = 0;
    while (lines < this.#waiting.length && left >= (this.#waiting[lines] as Buffer).length) {
      left -= (this.#waiting[lines] as Buffer).length;
      lines++;
    }
    this.#waiting.splice(0, lines);
    if (left > 0) this.#waiting[0] = (this.#waiting[0] as Buffer).subarray(left);
  }

  #end(): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
    clearImmediate(this.#turn);
    clearTimeout(this.#retry);
    if (this.#target.isOwn) closeSync(this.#target.fd);
  }
}

const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

function sleep(milliseconds: number): void {
  Atomics.wait(SLEEPER, 0, 0, milliseconds);
}
