import { digitsOf, writeDigits } from './decimal.js';
import type { EntryShape } from './entry-shape.js';
import { MAX_TEXT_HEADER, writeTextHeader } from './message-pack.js';

/** Values an entry of the plain way has at most; each piece of a long text is one. */
const MAX_VALUES = 256;
/** Above as many bytes native chunks are faster than a loop. */
const LONG_COPY = 80;

/** Longest JSON, and so longest value, that goes the plain way: {@link writeTextHeader} takes no longer one. */
const MAX_JSON = 0xffff;

/** How a value is written. */
const CHECKED = 0;
const TRUSTED = 1;
const DIGITS = 2;
const THOUSANDTHS = 3;

/**
 * The values of one entry in the order of its shape, as long as they are ASCII that needs no escape in JSON: nearly all
 * are. Each is written twice, into the JSON and as a value of the hash, a byte at a time and without a text in between:
 * joining the JSON as a text takes a third more time, and leaves a kilobyte an entry to the garbage collector.
 */
export class PlainValues {
  readonly #values: (string | number)[] = new Array(MAX_VALUES).fill('');
  readonly #kinds = new Uint8Array(MAX_VALUES);
  /** The part of the text that is the value. */
  readonly #starts = new Int32Array(MAX_VALUES);
  readonly #sizes = new Int32Array(MAX_VALUES);
  #count = 0;
  #bytes = 0;

  /** Begins an entry. */
  clear(): void {
    this.#count = 0;
    this.#bytes = 0;
  }

  /** Whether there is room for as many values more. */
  hasRoomFor(values: number): boolean {
    return this.#count + values <= MAX_VALUES;
  }

  /** From `start` to `end` of a text; whether it is plain shows when it is written. */
  addText(text: string, start: number, end: number): void {
    this.#add(text, start, end - start, CHECKED);
  }

  /** From `start` to `end` of a text that is JSON itself, and ASCII. */
  addJson(text: string, start: number, end: number): void {
    this.#add(text, start, end - start, TRUSTED);
  }

  /** A whole number that is not negative. */
  addInteger(value: number): void {
    this.#add(value, 0, digitsOf(value), DIGITS);
  }

  /**
   * A number that is not whole, in thousandths of which there are less than 2^31: most response times are one. As a text
   * like other values it would make the encoding of a request 7 % dearer (5 runs of 8 × 100,000 requests, in turns).
   */
  addThousandths(value: number): void {
    const size = digitsOf(Math.trunc(value / 1_000)) + 1 + fractionDigits(value % 1_000);
    this.#add(value, 0, size, THOUSANDTHS);
  }

  /** Bytes of the JSON; `undefined` when it is too long. */
  jsonSize(shape: EntryShape): number | undefined {
    const size = shape.jsonSize + this.#bytes;
    return size > MAX_JSON ? undefined : size;
  }

  /** Bytes that the values take at most. */
  get size(): number {
    return this.#bytes + this.#count * MAX_TEXT_HEADER;
  }

  /**
   * Writes the JSON and the values, each into a buffer of its own.
   *
   * @param jsonAt where the JSON begins in `json`  @param at where the values begin in `buffer`
   * @returns where the values end; -1: one of them is not plain
   */
  write(json: Uint8Array, jsonAt: number, buffer: Uint8Array, at: number, shape: EntryShape): number {
    let jsonEnd = jsonAt;
    let end = at;
    for (let i = 0; i < this.#count; i++) {
      const size = this.#sizes[i] as number;
      jsonEnd = writeBytes(json, jsonEnd, shape.jsonParts[i] as Uint8Array);
      end = writeTextHeader(buffer, end, size);
      if (!this.#writeValue(json, jsonEnd, buffer, end, i, size)) return -1;
      jsonEnd += size;
      end += size;
    }
    writeBytes(json, jsonEnd, shape.jsonLast);
    return end;
  }

  #add(value: string | number, start: number, size: number, kind: number): void {
    const place = this.#count++;
    this.#values[place] = value;
    this.#kinds[place] = kind;
    this.#starts[place] = start;
    this.#sizes[place] = size;
    this.#bytes += size;
  }

  #writeValue(
    json: Uint8Array,
    jsonAt: number,
    buffer: Uint8Array,
    at: number,
    place: number,
    size: number,
  ): boolean {
    const value = this.#values[place] as string | number;
    if (typeof value === 'number') {
      if (this.#kinds[place] === THOUSANDTHS) writeThousandths(json, jsonAt, value, size);
      else writeDigits(json, jsonAt, value, size);
      for (let i = 0; i < size; i++) buffer[at + i] = json[jsonAt + i] as number;
      return true;
    }
    const start = this.#starts[place] as number;
    const isChecked = this.#kinds[place] === CHECKED;
    if (!isChecked && size > LONG_COPY) {
      (json as Buffer).write(value.slice(start, start + size), jsonAt, 'latin1');
      buffer.set(json.subarray(jsonAt, jsonAt + size), at);
      return true;
    }
    for (let i = 0; i < size; i++) {
      const code = charCodeAt.call(value, start + i);
      if (isChecked && (code > TILDE || IS_UNSAFE[code] === 1)) return false;
      json[jsonAt + i] = code;
      buffer[at + i] = code;
    }
    return true;
  }
}

/** How many digits of thousandths stand behind the point: no zero is the last. */
function fractionDigits(thousandths: number): number {
  if (thousandths % 100 === 0) return 1;
  return thousandths % 10 === 0 ? 2 : 3;
}

function writeThousandths(buffer: Uint8Array, at: number, value: number, size: number): void {
  const digits = fractionDigits(value % 1_000);
  const point = at + size - 1 - digits;
  writeDigits(buffer, at, Math.trunc(value / 1_000), point - at);
  buffer[point] = POINT;
  writeDigits(buffer, point + 1, (value % 1_000) / 10 ** (3 - digits), digits);
}

const POINT = 0x2e;
const { charCodeAt } = String.prototype;
const TILDE = 0x7e;
/** What must not stand in a JSON string as it is. */
const IS_UNSAFE = Uint8Array.from({ length: TILDE + 1 }, (_, code) =>
  JSON.stringify(String.fromCharCode(code)).length > 3 ? 1 : 0,
);

function writeBytes(buffer: Uint8Array, at: number, bytes: Uint8Array): number {
  const size = bytes.length;
  for (let i = 0; i < size; i++) buffer[at + i] = bytes[i] as number;
  return at + size;
}
