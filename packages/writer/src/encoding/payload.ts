import { decodeStreamEntry, type Entry } from '@tailrace/schema';

/** Room before the arguments of a payload for the rest of its command, so that both are one piece of memory. */
export const HEADROOM = 1_024;
const MIN_BYTES = 1 << 19;
const MAX_KEPT_BYTES = 1 << 22;
const MAX_KEPT = 6;

/**
 * An encoded chunk in a buffer of the pool: from {@link HEADROOM} to `end` the last arguments of its command, the JSON of
 * each entry and what the script needs beside it.
 */
export interface Payload {
  readonly buffer: Buffer;
  readonly end: number;
  /** Where the JSON of each entry begins and ends in the buffer, one after the other. */
  readonly texts: readonly number[];
  /** Where in the last argument what comes behind the entries begins. */
  readonly rest: number;
  /** When the first of the entries expires, in epoch seconds. */
  readonly firstExpiry: number;
  readonly highestScore: number;
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

/** The same in a buffer of its own, no longer than it must be. */
export function copyOf(payload: Payload): Payload {
  return { ...payload, buffer: Buffer.from(payload.buffer.subarray(0, payload.end)) };
}

/**
 * Buffers that are used again: ioredis would copy every payload twice, and each chunk would leave half a megabyte to the
 * garbage collector.
 */
export class PayloadPool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(MIN_BYTES);
  }

  /** Only when nobody reads the buffer any more: its chunk was answered. */
  release({ buffer }: Payload): void {
    if (this.#free.length < MAX_KEPT && buffer.length <= MAX_KEPT_BYTES) this.#free.push(buffer);
  }
}

/**
 * The command that ends with a payload, as RESP (https://redis.io/docs/latest/develop/reference/protocol-spec/).
 *
 * @param args the name and the arguments before the payload
 */
export function commandBytes(args: readonly (string | number)[], { buffer, end, texts }: Payload): Buffer {
  const strings = args.map(String);
  const parts = strings.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`).join('');
  const head = Buffer.from(`*${strings.length + texts.length / 2 + 1}\r\n${parts}`);
  if (head.length > HEADROOM) return Buffer.concat([head, buffer.subarray(HEADROOM, end)]);
  const start = HEADROOM - head.length;
  head.copy(buffer, start);
  return buffer.subarray(start, end);
}
