import { decodeStreamEntry, type Entry } from '@tailrace/schema';

/** Room before a payload for the rest of its command, so that both are one piece of memory. */
export const HEADROOM = 1_024;
const CRLF = Buffer.from('\r\n');
const MIN_BYTES = 1 << 19;
const MAX_KEPT_BYTES = 1 << 22;
const MAX_KEPT = 6;

/** An encoded call in a buffer of the pool: bytes {@link HEADROOM} to `end`. */
export interface Payload {
  readonly buffer: Buffer;
  /** Where what comes behind the entries begins in the buffer. */
  readonly rest: number;
  readonly end: number;
  /** Where the JSON of each entry begins and ends in the buffer, one after the other. */
  readonly texts: readonly number[];
}

/** The entries of a payload, as long as its buffer was not released. */
export function payloadEntries({ buffer, texts }: Payload): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i < texts.length; i += 2) {
    const entry = decodeStreamEntry(buffer.toString('utf8', texts[i], texts[i + 1]));
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/**
 * Buffers that are used again: ioredis would copy every payload twice, and each call would leave half a megabyte to the
 * garbage collector.
 */
export class PayloadPool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(MIN_BYTES);
  }

  /** Only when nobody reads the buffer any more: its call was answered. */
  release({ buffer }: Payload): void {
    if (this.#free.length < MAX_KEPT && buffer.length <= MAX_KEPT_BYTES) this.#free.push(buffer);
  }
}

/**
 * The command whose last argument is the payload, as RESP (https://redis.io/docs/latest/develop/reference/protocol-spec/).
 *
 * @param args the name and the arguments before the payload
 */
export function commandBytes(args: readonly (string | number)[], { buffer, end }: Payload): Buffer {
  const texts = args.map(String);
  const parts = texts.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`).join('');
  const head = Buffer.from(`*${texts.length + 1}\r\n${parts}$${end - HEADROOM}\r\n`);
  if (head.length > HEADROOM || end + CRLF.length > buffer.length) {
    return Buffer.concat([head, buffer.subarray(HEADROOM, end), CRLF]);
  }
  const start = HEADROOM - head.length;
  head.copy(buffer, start);
  CRLF.copy(buffer, end);
  return buffer.subarray(start, end + CRLF.length);
}
