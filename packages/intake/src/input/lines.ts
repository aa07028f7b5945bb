import { isUtf8 } from 'node:buffer';
import type { Reason } from '../parsed-line.js';
import { decodeText } from './decode-text.js';

/** A line longer than this is refused, not held in memory. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** One line of the input. */
export interface Line {
  /** From 1, blank lines included. */
  readonly number: number;
  /** Without its line end; `undefined` when it is longer than {@link MAX_LINE_BYTES}. */
  readonly text: string | undefined;
  /** What was done to the bytes to read them. */
  readonly repaired?: readonly Reason[] | undefined;
}

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;
const BYTE_ORDER_MARK = '\ufeff';
/** So much is looked at to see whether the file ends its lines with CR alone. */
const HEAD_BYTES = 64 * 1024;

/**
 * Splits bytes into lines, at `\n` or `\r\n`, or at `\r` in a file that has no other. Blank lines are left out. UTF-16 is
 * read by its byte order mark or its zeros; bytes that are no UTF-8 are read as Latin-1, zeros before and behind a line
 * (a file cut while it was written) are left out, and both are noted. Holds one line and one chunk at a time.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const splitter = new LineSplitter();
  for await (const chunk of decodeText(chunks)) yield* splitter.add(chunk);
  yield* splitter.end();
}

class LineSplitter {
  #number = 0;
  #pieces: Buffer[] = [];
  #length = 0;
  #hadNuls = false;
  /** `undefined` until the file's first line end, or {@link HEAD_BYTES}, were seen. */
  #lineEnd: number | undefined;
  #head: Buffer[] = [];
  #headLength = 0;

  *add(chunk: Buffer): Generator<Line> {
    if (this.#lineEnd !== undefined) {
      yield* this.#split(chunk, this.#lineEnd);
      return;
    }
    this.#head.push(chunk);
    this.#headLength += chunk.length;
    if (chunk.includes(LF)) yield* this.#startWith(LF);
    else if (this.#headLength >= HEAD_BYTES) yield* this.#startWith(this.#onlyLineEnd());
  }

  *end(): Generator<Line> {
    if (this.#lineEnd === undefined) yield* this.#startWith(this.#onlyLineEnd());
    const line = this.#takeLine();
    if (!isBlank(line)) yield line;
  }

  #onlyLineEnd(): number {
    return this.#head.some((chunk) => chunk.subarray(0, -1).includes(CR)) ? CR : LF;
  }

  *#startWith(lineEnd: number): Generator<Line> {
    this.#lineEnd = lineEnd;
    const head = this.#head;
    this.#head = [];
    for (const chunk of head) yield* this.#split(chunk, lineEnd);
  }

  *#split(chunk: Buffer, lineEnd: number): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, start)) {
      this.#addPiece(chunk.subarray(start, end));
      const line = this.#takeLine();
      if (!isBlank(line)) yield line;
      start = end + 1;
    }
    this.#addPiece(chunk.subarray(start));
  }

  #addPiece(given: Buffer): void {
    let piece = given;
    // A hole in the file may be of any size: its zeros are not kept.
    if (this.#length === 0 && piece[0] === NUL) {
      const first = piece.findIndex((byte) => byte !== NUL);
      piece = first === -1 ? piece.subarray(piece.length) : piece.subarray(first);
      this.#hadNuls = true;
    }
    this.#length += piece.length;
    if (this.#length > MAX_LINE_BYTES) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  #takeLine(): Line {
    this.#number += 1;
    const [number, isTooLong, bytes] = [this.#number, this.#length > MAX_LINE_BYTES, this.#pieces];
    const repaired: Reason[] = this.#hadNuls ? [NULS] : [];
    this.#pieces = [];
    this.#length = 0;
    this.#hadNuls = false;
    if (isTooLong) return { number, text: undefined };
    let text = textOf(bytes.length === 1 ? (bytes[0] as Buffer) : Buffer.concat(bytes), repaired);
    if (text.endsWith('\0')) {
      text = text.replace(/\0{1,1048576}$/, '');
      if (repaired[0] !== NULS) repaired.unshift(NULS);
    }
    if (text.endsWith('\r')) text = text.slice(0, -1);
    if (text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    return repaired.length > 0 ? { number, text, repaired } : { number, text };
  }
}

const NULS: Reason = {
  code: 'nuls',
  message: 'has NULs around it, of a file that was cut while it was written',
};

function isBlank({ text }: Line): boolean {
  return text !== undefined && text.trim() === '';
}

function textOf(bytes: Buffer, repaired: Reason[]): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  repaired.push({ code: 'no_utf8', message: 'has bytes that are no UTF-8; they are read as Latin-1' });
  return latin1Between(bytes);
}

/** UTF-8 where the bytes are, Latin-1 where they are not: no byte is lost. */
function latin1Between(bytes: Buffer): string {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length > 0) i += length;
    else {
      parts.push(bytes.toString('utf8', start, i), String.fromCharCode(bytes[i] as number));
      i += 1;
      start = i;
    }
  }
  parts.push(bytes.toString('utf8', start));
  return parts.join('');
}

/** Bytes of the UTF-8 sequence at a place, 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
