import { type Entry, Keyspace } from '@tailrace/schema';
import {
  type Batch,
  BatchNumbering,
  type BatchWriter,
  chunkEntries,
  EntryOrder,
  newWriterId,
  openChunks,
  type Refusal,
  type SpooledResult,
} from '@tailrace/writer';
import type { LoggerError } from '../logger-options.js';
import { monotonicMs } from '../real-timers.js';
import type { ResolvedOtlpOptions } from './otlp-options.js';
import { createOtlpPost, type OtlpPost } from './otlp-post.js';
import { encodeRequest } from './otlp-records.js';
import { readPartialSuccess } from './partial-success.js';

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 10_000;
/** A receiver may ask for a longer wait, up to this. */
const MAX_RETRY_AFTER_MS = 300_000;
/**
 * Answers that pass, besides every 5xx: sent again they may be taken. OTLP names 429, 502, 503 and 504; the others somebody
 * mends, a token, an address, a proxy, and no entry should be lost until then.
 */
const PASSING: ReadonlySet<number> = new Set([401, 402, 403, 404, 407, 408, 421, 425, 429]);
const TOO_LARGE = 413;
/** Chunks whose answers are remembered: one that was given up as late may have been taken. */
const REMEMBERED = 64;

/** Sends batches by OTLP/HTTP, a request a chunk, one after the other, so that they come in their order. */
export class OtlpWriter implements BatchWriter {
  readonly #options: ResolvedOtlpOptions;
  readonly #now: () => number;
  readonly #report: (error: LoggerError) => void;
  readonly #post: OtlpPost;
  readonly #numbering = new BatchNumbering(new Keyspace(), new EntryOrder());
  #id = newWriterId();
  #last: Promise<unknown> = Promise.resolve();
  /** By writer and number: what was sent already, and what became of it. */
  readonly #sent = new Map<string, Promise<SpooledResult>>();
  #failures = 0;
  /** By a clock that only goes on: not before it. */
  #notBefore = 0;

  constructor(
    options: ResolvedOtlpOptions,
    { now, report }: { readonly now: () => number; readonly report: (error: LoggerError) => void },
  ) {
    this.#options = options;
    this.#now = now;
    this.#report = report;
    this.#post = createOtlpPost(options);
  }

  readonly unconfirmed = 0;

  get id(): string {
    return this.#id;
  }

  renew(): void {
    this.#id = newWriterId();
  }

  serverNow(): number {
    return this.#now();
  }

  number(entries: readonly Entry[], firstRecord = 0): Batch {
    return this.#numbering.number(entries, firstRecord);
  }

  /** A request is encoded as it is sent. */
  encode(): void {}

  async send(batch: Batch): Promise<{ readonly applied: Promise<void> }> {
    return { applied: this.#apply(batch) };
  }

  async sendBehind(batch: Batch): Promise<void> {
    await this.#last;
    await this.#apply(batch);
  }

  sendSpooled(
    writerId: string,
    chunk: { readonly number: number; readonly entries: readonly Entry[] },
  ): Promise<SpooledResult> {
    return this.#deliverOnce(writerId, chunk.number, chunk.entries);
  }

  async readLevels(): Promise<undefined> {
    return undefined;
  }

  forgetSent(): void {}

  nextRetryMs(): number {
    const doubled = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(20, this.#failures));
    return Math.max(doubled * (0.5 + Math.random() / 2), this.#notBefore - monotonicMs());
  }

  async confirmed(): Promise<void> {}

  close(): void {
    this.#post.close();
  }

  #apply(batch: Batch): Promise<void> {
    const applying = this.#applyOpen(batch);
    this.#last = applying;
    applying.catch(() => undefined);
    return applying;
  }

  async #applyOpen(batch: Batch): Promise<void> {
    batch.attempts++;
    for (const chunk of openChunks(batch)) {
      if (batch.isLeft) return;
      const { refused } = await this.#deliverOnce(this.#id, chunk.number, chunkEntries(chunk));
      // What is in files by now is counted when it is replayed from there.
      if (batch.isLeft) return;
      chunk.size -= refused.length;
      batch.refused = [...batch.refused, ...refused];
      batch.applied++;
    }
  }

  /** A chunk that is on its way is waited for, and one that was taken is not sent again. */
  #deliverOnce(writerId: string, number: number, entries: readonly Entry[]): Promise<SpooledResult> {
    const key = `${writerId} ${number}`;
    const known = this.#sent.get(key);
    if (known !== undefined) return known;
    const delivering = this.#deliver(entries);
    this.#sent.set(key, delivering);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= REMEMBERED) break;
      this.#sent.delete(oldest);
    }
    delivering.catch(() => {
      if (this.#sent.get(key) === delivering) this.#sent.delete(key);
    });
    return delivering;
  }

  async #deliver(entries: readonly Entry[]): Promise<SpooledResult> {
    const { url, resource } = this.#options;
    const { status, body, retryAfter } = await this.#ask(encodeRequest(entries, resource));
    if (status >= 200 && status < 300) {
      this.#failures = 0;
      const { rejected, message } = readPartialSuccess(body);
      return resultOf(entries, Math.min(rejected, entries.length), message);
    }
    if (status === TOO_LARGE && entries.length > 1) {
      const middle = Math.ceil(entries.length / 2);
      const first = await this.#deliver(entries.slice(0, middle));
      const second = await this.#deliver(entries.slice(middle));
      return {
        applied: first.applied + second.applied,
        refused: [...first.refused, ...second.refused],
      };
    }
    if (status < 400 || status >= 500 || PASSING.has(status)) {
      const waitMs = Math.min(MAX_RETRY_AFTER_MS, retryAfterMs(retryAfter, this.#now()));
      this.#notBefore = monotonicMs() + waitMs;
      throw this.#failed(new Error(`${url.host} answers ${status}`));
    }
    const message = `${url.host} refuses log records with ${status}`;
    this.#report({ code: 'entries_lost', message: `${entries.length} entries are lost: ${message}` });
    return resultOf(entries, entries.length, message);
  }

  async #ask(body: Buffer) {
    try {
      return await this.#post.post(body);
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  #failed(cause: unknown): unknown {
    this.#failures++;
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    this.#report({ code: 'otlp_failed', message: `OTLP: entries are kept, ${reason}`, cause });
    return cause;
  }
}

/** Receivers do not say which records they reject, only how many. */
function resultOf(entries: readonly Entry[], rejected: number, message: string): SpooledResult {
  const refused = Array.from({ length: rejected }, (): Refusal => ({ id: '', reason: 'rejected', message }));
  return { applied: entries.length - rejected, refused };
}

/** Seconds or a date, RFC 9110, section 10.2.3. */
function retryAfterMs(text: string | undefined, now: number): number {
  if (text === undefined) return 0;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
