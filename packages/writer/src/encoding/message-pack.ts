import { digitsOf, writeDigits } from './decimal.js';

const TILDE = 0x7e;
/** Above as many bytes one native chunk is faster than a loop. */
const LONG_COPY = 80;
/** Bytes {@link writeTextHeader} writes at most. */
export const MAX_TEXT_HEADER = 3;

/**
 * Writes MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) into one growing buffer: arrays,
 * small integers and texts, which is all a batch needs. Texts are well-formed UTF-8: lone surrogates become U+FFFD.
 */
export class MessagePackWriter {
  #buffer: Buffer;
  #length: number;

  /** Writes into `buffer` from `start` on; a larger one takes its place when it is full. */
  constructor(buffer: Buffer, start = 0) {
    this.#buffer = buffer;
    this.#length = start;
  }

  /** The buffer that was written into. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Where the next byte goes. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was written behind that place, or adds what was written up to it. */
  set length(length: number) {
    this.#length = length;
  }

  /** Begins an array of `size` members, at most 65,535. */
  array(size: number): void {
    this.reserve(3);
    if (size < 16) {
      this.#buffer[this.#length++] = 0x90 | size;
    } else {
      this.#buffer[this.#length++] = 0xdc;
      this.#buffer[this.#length++] = size >> 8;
      this.#buffer[this.#length++] = size & 0xff;
    }
  }

  /** Begins an array whose size is not known yet. @returns what {@link MessagePackWriter.closeArray} needs. */
  openArray(): number {
    this.reserve(5);
    this.#buffer[this.#length] = 0xdd;
    this.#length += 5;
    return this.#length - 4;
  }

  /** Says how many members the array has. */
  closeArray(opened: number, size: number): void {
    this.#buffer.writeUInt32BE(size, opened);
  }

  /** A whole number from 0 to 65,535. */
  integer(value: number): void {
    this.reserve(3);
    if (value < 128) {
      this.#buffer[this.#length++] = value;
    } else {
      this.#buffer[this.#length++] = 0xcd;
      this.#buffer[this.#length++] = value >> 8;
      this.#buffer[this.#length++] = value & 0xff;
    }
  }

  /** A whole number that is not negative, as a text. */
  decimal(value: number): void {
    if (value > Number.MAX_SAFE_INTEGER) {
      this.text(String(value));
      return;
    }
    const digits = digitsOf(value);
    this.reserve(1 + digits);
    this.#buffer[this.#length] = 0xa0 | digits;
    writeDigits(this.#buffer, this.#length + 1, value, digits);
    this.#length += 1 + digits;
  }

  /** @returns where its first byte stands */
  text(value: string): number {
    const size = value.length;
    this.reserve(5 + size * 3);
    if (size < 32 && this.#shortAscii(value, size)) return this.#length - size;
    // Always the 32-bit header: its size does not depend on how many bytes the text turns out to need.
    const bytes = this.#buffer.write(value, this.#length + 5, 'utf8');
    this.#buffer[this.#length] = 0xdb;
    this.#buffer.writeUInt32BE(bytes, this.#length + 1);
    this.#length += 5 + bytes;
    return this.#length - bytes;
  }

  /**
   * Makes room for so many bytes, for who writes them into the buffer on his own and then says where they end.
   *
   * @returns the buffer with the room, from {@link MessagePackWriter.length} on
   */
  roomFor(bytes: number): Buffer {
    this.reserve(bytes);
    return this.#buffer;
  }

  /** What {@link MessagePackWriter.encoded} made: header and bytes of a text that is written again and again. */
  raw(bytes: Uint8Array): void {
    const size = bytes.length;
    this.reserve(size);
    const buffer = this.#buffer;
    const at = this.#length;
    if (size > LONG_COPY) buffer.set(bytes, at);
    else for (let i = 0; i < size; i++) buffer[at + i] = bytes[i] as number;
    this.#length = at + size;
  }

  /** A text ready for {@link MessagePackWriter.raw}. */
  static encoded(value: string): Uint8Array {
    const writer = new MessagePackWriter(Buffer.allocUnsafeSlow(5 + value.length * 3));
    writer.text(value);
    return Uint8Array.prototype.slice.call(writer.buffer, 0, writer.length);
  }

  #shortAscii(value: string, size: number): boolean {
    const buffer = this.#buffer;
    let at = this.#length;
    buffer[at++] = 0xa0 | size;
    for (let i = 0; i < size; i++) {
      const code = value.charCodeAt(i);
      if (code > TILDE) return false;
      buffer[at++] = code;
    }
    this.#length = at;
    return true;
  }

  private reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** Begins a text of one byte a character, at most 65,535. @returns where its first byte goes */
export function writeTextHeader(buffer: Uint8Array, at: number, size: number): number {
  if (size < 32) {
    buffer[at] = 0xa0 | size;
    return at + 1;
  }
  buffer[at] = 0xda;
  buffer[at + 1] = size >> 8;
  buffer[at + 2] = size & 0xff;
  return at + 3;
}
