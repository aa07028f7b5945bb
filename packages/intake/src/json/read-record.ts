import { type Reason, refuse } from '../parsed-line.js';
import { unescapeBytes } from '../text/clf-escapes.js';
import { nestsDeeper, parseExactJson } from './exact-json.js';
import { isRecord, type JsonRecord } from './json-record.js';

/** Levels a line's JSON may be nested; the gateway takes 64, the body around the entries included. */
const MAX_DEPTH = 60;

/** A text read as one JSON object. */
export type RecordResult =
  | { readonly record: JsonRecord; readonly repaired?: Reason }
  | { readonly refused: Reason }
  | undefined;

/**
 * Reads one JSON object. nginx without `escape=json` writes `\xHH`, which JSON does not have: read all the same, and
 * counted as repaired.
 *
 * @returns `undefined` when the text is no JSON object.
 */
export function readRecord(text: string): RecordResult {
  if (countOpening(text) > MAX_DEPTH && nestsDeeper(text, MAX_DEPTH)) {
    return refuse('too_deep', `JSON nested deeper than ${MAX_DEPTH} levels`);
  }
  const record = parseObject(text);
  if (record !== undefined) return { record };
  if (!text.includes('\\x')) return undefined;
  const mended = parseObject(unescapeBytes(text));
  if (mended === undefined) return undefined;
  return {
    record: mended,
    repaired: { code: 'invalid_escapes', message: 'has \\xHH, which JSON does not know' },
  };
}

function parseObject(text: string): JsonRecord | undefined {
  try {
    const value = parseExactJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Brackets that open, strings included: a bound that is cheap to count. */
function countOpening(text: string): number {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let i = text.indexOf(bracket); i !== -1 && count <= MAX_DEPTH; i = text.indexOf(bracket, i + 1))
      count += 1;
  }
  return count;
}
