/**
 * Called as a function of its own: V8 looks a method of a text up anew for every character once it has met several
 * representations of texts in one place, and that took a quarter of all time.
 */
export const { charCodeAt } = String.prototype;

/** Longest text written character by character; above it one native call is faster (measured). */
const SHORT_TEXT = 80;

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
    this.reserve(3);
    this.#buffer[this.#length] = 0xdc;
    this.#length += 3;
    return this.#length - 2;
  }

  /** Says how many members the array has. */
  closeArray(opened: number, size: number): void {
    this.#buffer[opened] = size >> 8;
    this.#buffer[opened + 1] = size & 0xff;
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

  text(value: string): void {
    const size = value.length;
    this.reserve(5 + size * 3);
    if (size > SHORT_TEXT || !this.shortAscii(value, size)) this.anyText(value);
  }

  /** What {@link MessagePackWriter.encoded} made: header and bytes of a text that is written again and again. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The first `size` bytes of a buffer that holds UTF-8. */
  bytes(source: Buffer, size: number): void {
    this.reserve(5 + size);
    this.#buffer[this.#length] = 0xdb;
    this.#buffer.writeUInt32BE(size, this.#length + 1);
    source.copy(this.#buffer, this.#length + 5, 0, size);
    this.#length += 5 + size;
  }

  /** A text ready for {@link MessagePackWriter.raw}. */
  static encoded(value: string): Uint8Array {
    const writer = new MessagePackWriter(Buffer.allocUnsafeSlow(5 + value.length * 3));
    writer.text(value);
    return Uint8Array.prototype.slice.call(writer.buffer, 0, writer.length);
  }

  private shortAscii(value: string, size: number): boolean {
    const buffer = this.#buffer;
    let at = this.#length;
    if (size < 32) {
      buffer[at++] = 0xa0 | size;
    } else {
      buffer[at++] = 0xd9;
      buffer[at++] = size;
    }
    for (let i = 0; i < size; i++) {
      const code = charCodeAt.call(value, i);
      if (code > 0x7f) return false;
      buffer[at++] = code;
    }
    this.#length = at;
    return true;
  }

  /** Always the 32-bit header: its size does not depend on how many bytes the text turns out to need. */
  private anyText(value: string): void {
    const size = this.#buffer.write(value, this.#length + 5, 'utf8');
    this.#buffer[this.#length] = 0xdb;
    this.#buffer.writeUInt32BE(size, this.#length + 1);
    this.#length += 5 + size;
  }

  private reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
