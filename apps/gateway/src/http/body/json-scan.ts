import { RequestError } from '../errors/request-error.js';

/** Arrays and objects within each other; what is stored of an entry is bounded far below. */
export const MAX_BODY_DEPTH = 64;
/** Values of a body, counted over all levels: 200 for each of 1,000 entries. */
export const MAX_BODY_VALUES = 200_000;
/** Values of one item of a body, of which an entry keeps 2,000. */
export const MAX_ITEM_VALUES = 20_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;

/** Looks at the bytes of a body as they come, and says why it is refused as soon as it goes past a bound. */
export type BodyScan = (chunk: Uint8Array) => RequestError | undefined;

/**
 * Counts nesting and values of JSON in its bytes, before anything parses or checks it: what does so goes down recursively
 * and takes many times as long as a byte took to send. The items are the elements of an outermost array, or the lines.
 *
 * @param options.perLine each line is a JSON text of its own, as in NDJSON
 * @param options.maxValues values of a body. @default {@link MAX_BODY_VALUES}
 * @param options.maxItemValues values of an item. @default {@link MAX_ITEM_VALUES}
 */
export function createJsonScan({
  perLine = false,
  maxValues = MAX_BODY_VALUES,
  maxItemValues = MAX_ITEM_VALUES,
}: {
  readonly perLine?: boolean;
  readonly maxValues?: number;
  readonly maxItemValues?: number;
} = {}): BodyScan {
  let depth = 0;
  let values = 1;
  let itemStart = 1;
  let isArray = false;
  let isInText = false;
  let isEscaped = false;

  return (chunk) => {
    for (let i = 0; i < chunk.length; i++) {
      if (isInText) {
        i = endOfText(chunk, i);
        continue;
      }
      const byte = chunk[i];
      if (byte === QUOTE) isInText = true;
      else if (byte === COMMA) {
        values += 1;
        if (isArray && depth === 1) itemStart = values;
      } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
        if (depth === 0) isArray = byte === OPEN_BRACKET;
        depth += 1;
        values += 1;
      } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth -= 1;
      else if (perLine && byte === LINE_FEED) endLine();
      else continue;
      if (depth > MAX_BODY_DEPTH) return refusal(`is nested too deep; allowed: ${MAX_BODY_DEPTH} levels`);
      if (values > maxValues) return tooMany('', maxValues);
      if (values - itemStart > maxItemValues) return tooMany('an item with ', maxItemValues);
    }
    return undefined;
  };

  /**
   * Most bytes stand in texts, so these are searched for their end, which is faster than looking at each byte.
   *
   * @returns the place of the quote or line feed that ends the text, or of the chunk's last byte
   */
  function endOfText(chunk: Uint8Array, from: number): number {
    for (let start = from; ; ) {
      const quote = placeOf(chunk, QUOTE, start);
      const lineFeed = perLine ? placeOf(chunk.subarray(0, quote), LINE_FEED, start) : quote;
      if (lineFeed < quote) {
        endLine();
        return lineFeed;
      }
      let backslashes = 0;
      while (quote - backslashes > start && chunk[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
      const reachesStart = quote - backslashes === start;
      const isQuoteEscaped = (backslashes + (reachesStart && isEscaped ? 1 : 0)) % 2 === 1;
      if (quote === chunk.length) {
        isEscaped = isQuoteEscaped;
        return quote;
      }
      isEscaped = false;
      if (!isQuoteEscaped) {
        isInText = false;
        return quote;
      }
      start = quote + 1;
    }
  }

  /** A line feed cannot stand within a text of JSON, so what a line left open ends with it. */
  function endLine(): void {
    depth = 0;
    isInText = false;
    isEscaped = false;
    values += 1;
    itemStart = values;
  }
}

/** @returns the length of the chunk when the byte is not in it */
function placeOf(chunk: Uint8Array, byte: number, from: number): number {
  const place = chunk.indexOf(byte, from);
  return place < 0 ? chunk.length : place;
}

function tooMany(where: string, allowed: number): RequestError {
  return refusal(`has ${where}too many values; allowed: ${allowed}, counted over all levels`);
}

function refusal(what: string): RequestError {
  return new RequestError('invalid_body', `the body ${what}`);
}
