/** Bytes kept of one message; what it has beyond is passed over. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Digits a length may have: more are no length. */
const MAX_LENGTH_DIGITS = 7;

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const LESS_THAN = 0x3c;
const ZERO = 0x30;
const NINE = 0x39;
/** Between messages: NUL, line ends and spaces. */
const SEPARATORS: ReadonlySet<number> = new Set([0, LINE_FEED, 0x0d, SPACE]);

type State = 'between' | 'length' | 'behind length' | 'counted' | 'line';

/**
 * Cuts what comes over a connection into messages (RFC 6587): each with its length before it, or ended by a line feed, told
 * for each message by its beginning. Holds no more than one message.
 */
export class SyslogFrames {
  #state: State = 'between';
  #digits = '';
  /** Bytes that are still to come of a message whose length is known. */
  #left = 0;
  #parts: Buffer[] = [];
  #held = 0;

  /** @returns the messages that end in this piece */
  push(chunk: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'counted') at = this.#takeCounted(chunk, at, messages);
      else if (this.#state === 'line') at = this.#takeLine(chunk, at, messages);
      else at = this.#begin(chunk, at);
    }
    return messages;
  }

  /** @returns a last message without its line feed; one that is shorter than its length says is not whole, and is left out */
  end(): Buffer[] {
    const isLine = this.#state === 'line' || this.#state === 'length' || this.#state === 'behind length';
    if (this.#state !== 'line') this.#keep(Buffer.from(this.#digits));
    const last = this.#release();
    return isLine && last.length > 0 ? [last] : [];
  }

  /** Looks at one byte of a message's beginning. @returns the place to go on at */
  #begin(chunk: Buffer, at: number): number {
    const byte = chunk[at] as number;
    if (this.#state === 'between') {
      if (SEPARATORS.has(byte)) return at + 1;
      this.#digits = '';
      this.#state = byte > ZERO && byte <= NINE ? 'length' : 'line';
      return at;
    }
    if (this.#state === 'length') {
      const isDigit = byte >= ZERO && byte <= NINE && this.#digits.length < MAX_LENGTH_DIGITS;
      if (!isDigit && byte !== SPACE) return this.#beginLine(at);
      this.#digits += String.fromCharCode(byte);
      if (byte === SPACE) this.#state = 'behind length';
      return at + 1;
    }
    // A number and a space may also begin a line that is no syslog.
    if (byte !== LESS_THAN) return this.#beginLine(at);
    this.#left = Number(this.#digits);
    this.#state = 'counted';
    return at;
  }

  #beginLine(at: number): number {
    this.#keep(Buffer.from(this.#digits));
    this.#state = 'line';
    return at;
  }

  #takeCounted(chunk: Buffer, at: number, messages: Buffer[]): number {
    const end = Math.min(at + this.#left, chunk.length);
    this.#keep(chunk.subarray(at, end));
    this.#left -= end - at;
    if (this.#left === 0) messages.push(this.#release());
    return end;
  }

  #takeLine(chunk: Buffer, at: number, messages: Buffer[]): number {
    const lineFeed = chunk.indexOf(LINE_FEED, at);
    const end = lineFeed < 0 ? chunk.length : lineFeed;
    this.#keep(chunk.subarray(at, end));
    if (lineFeed < 0) return end;
    messages.push(this.#release());
    return end + 1;
  }

  #keep(part: Buffer): void {
    const kept = part.subarray(0, MAX_MESSAGE_BYTES - this.#held);
    if (kept.length === 0) return;
    // A copy: the piece would otherwise be held whole for a part of it.
    this.#parts.push(Buffer.from(kept));
    this.#held += kept.length;
    if (this.#parts.length > MAX_PARTS) this.#parts = [Buffer.concat(this.#parts)];
  }

  #release(): Buffer {
    const message = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    this.#state = 'between';
    return message;
  }
}

/** A sender of single bytes would otherwise make an object of each. */
const MAX_PARTS = 64;
