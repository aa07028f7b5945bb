import { charCodeAt } from './message-pack.js';

/** Bytes of JSON put together by hand: names made beforehand, plain texts byte by byte. Reused for every entry. */
export class JsonBytes {
  buffer = Buffer.allocUnsafe(1 << 14);
  length = 0;

  /** Makes room for `bytes` more. */
  reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }

  raw(bytes: Uint8Array): void {
    const size = bytes.length;
    this.reserve(size);
    const { buffer } = this;
    let at = this.length;
    for (let i = 0; i < size; i++) buffer[at++] = bytes[i] as number;
    this.length = at;
  }

  /** Text that is JSON already. */
  json(text: string): void {
    this.reserve(text.length * 3);
    this.length += this.buffer.write(text, this.length, 'utf8');
  }

  /** A text as a JSON string; lone surrogates become U+FFFD, as they do in the hash. */
  string(value: string): void {
    if (!this.plain(value)) this.json(JSON.stringify(value.toWellFormed()));
  }

  /** Printable ASCII without `"` and `\` stands in JSON as it is. */
  private plain(value: string): boolean {
    const size = value.length;
    this.reserve(size + 2);
    const { buffer } = this;
    let at = this.length;
    buffer[at++] = QUOTE;
    for (let i = 0; i < size; i++) {
      const code = charCodeAt.call(value, i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
      buffer[at++] = code;
    }
    buffer[at++] = QUOTE;
    this.length = at;
    return true;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
