import { digitsOf, writeDigits } from './decimal.js';

const CARRIAGE_RETURN = 0x0d;
const NEWLINE = 0x0a;
const DOLLAR = 0x24;
/** Bytes of an argument beside its text and the digits of its length. */
const FRAME_BYTES = 5;

/**
 * Writes arguments of a command, one behind the other, as bulk strings of RESP
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/).
 */
export class RespArguments {
  #buffer: Buffer;
  #length: number;

  /** Writes into `buffer` from `start` on; a larger one takes its place when it is full. */
  constructor(buffer: Buffer, start: number) {
    this.#buffer = buffer;
    this.#length = start;
  }

  /** The buffer that was written into. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Where the next argument begins. */
  get length(): number {
    return this.#length;
  }

  /**
   * Makes room for an argument of so many bytes, for who writes them into the buffer on his own. It is not there before
   * {@link RespArguments.add}.
   *
   * @returns where its first byte goes
   */
  room(size: number): number {
    const digits = digitsOf(size);
    this.#reserve(size + digits + FRAME_BYTES);
    const at = this.#length;
    this.#buffer[at] = DOLLAR;
    writeDigits(this.#buffer, at + 1, size, digits);
    this.#end(at + 1 + digits);
    return at + digits + 3;
  }

  /** The argument there was made room for last is written. @param end behind its last byte */
  add(end: number): void {
    this.#end(end);
    this.#length = end + 2;
  }

  /** Bytes as they are. @returns where the first of them stands */
  bytes(value: Uint8Array): number {
    const at = this.room(value.length);
    this.#buffer.set(value, at);
    this.add(at + value.length);
    return at;
  }

  #end(at: number): void {
    this.#buffer[at] = CARRIAGE_RETURN;
    this.#buffer[at + 1] = NEWLINE;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
