import {
  dataPathOf,
  isDataFilter,
  MAX_PIECES,
  MIN_PIECE_BYTES,
  parseComparison,
  parseNumber,
  textTermsOf,
} from '@tailrace/schema';
import type { CompiledFilter, Condition } from '../filter/compile-filter.js';
import { TEXT_FIELDS, withoutCase } from '../filter/text-search.js';

/** What the server can say of entries by their texts: those it drops do not match, those it keeps may match. */
export interface TextDecision {
  /** Fields to look into, beside the request line. */
  readonly fields: readonly string[];
  /** Texts in lower case, all of which stand in the fields of an entry that matches, whatever case they have there. */
  readonly needles: readonly string[];
  /** Letters that may stand for one of a needle's: `ß` for `ss`. An entry with one of them is kept. */
  readonly foldings: readonly string[];
  /** Pieces a text is stored in at most. */
  readonly pieces: number;
  /** Bytes from which on a value may be a first piece: a piece ends where a character does. */
  readonly cutFrom: number;
}

/** @returns `undefined` where the filter asks for no text that the server could look for. */
export function textDecisionOf({ conditions }: CompiledFilter): TextDecision | undefined {
  const wanted = conditions.filter(({ isNegated, values }) => !isNegated && values.length === 1);
  const terms = wanted.filter(({ field }) => field === 'q').flatMap(termNeedles);
  const data = wanted.flatMap(dataNeedles);
  if (terms.length === 0 && data.length === 0) return undefined;
  return {
    fields: terms.length > 0 ? TEXT_FIELDS : ['data'],
    needles: [...new Set([...terms, ...data])],
    foldings: terms.length > 0 ? foldingsOf(terms.join('')) : [],
    pieces: MAX_PIECES,
    cutFrom: MIN_PIECE_BYTES - 3,
  };
}

function termNeedles({ values: [query] }: Condition): string[] {
  return textTermsOf(String(query))
    .filter(({ isNegated }) => !isNegated)
    .flatMap(({ text }) => longestRun(withoutCase(text)));
}

/** The names of the path, and the value where its text stands in the JSON as it stands in the query. */
function dataNeedles({ name, values: [value] }: Condition): string[] {
  if (!isDataFilter(name)) return [];
  const text = String(value);
  const isText = parseComparison(text) === undefined && parseNumber(text) === undefined;
  return [...(dataPathOf(name) ?? []), ...(isText ? text.split('*') : [])].flatMap((part) =>
    longestRun(part).map((run) => run.toLowerCase()),
  );
}

/** Of ASCII characters that no JSON escapes. */
function longestRun(text: string): string[] {
  const runs = text.match(/[ !#-[\]-~]+/g) ?? [];
  const longest = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
  return longest === '' ? [] : [longest];
}

/** The letters beyond ASCII that become one of these letters, or hold one, when they lose their case. */
function foldingsOf(letters: string): string[] {
  return ASCII_FOLDINGS.filter(([, folded]) => [...folded].some((letter) => letters.includes(letter))).map(
    ([letter]) => letter,
  );
}

/** Every letter beyond ASCII that becomes or holds ASCII characters when it loses its case, with those. */
export const ASCII_FOLDINGS: readonly (readonly [letter: string, folded: string])[] = [
  ['\u00df', 'ss'],
  ['\u0130', 'i'],
  ['\u0131', 'i'],
  ['\u0149', 'n'],
  ['\u017f', 's'],
  ['\u01f0', 'j'],
  ['\u037e', ';'],
  ['\u1e96', 'h'],
  ['\u1e97', 't'],
  ['\u1e98', 'w'],
  ['\u1e99', 'y'],
  ['\u1e9a', 'a'],
  ['\u1fef', '`'],
  ['\u212a', 'k'],
  ['\ufb00', 'ff'],
  ['\ufb01', 'fi'],
  ['\ufb02', 'fl'],
  ['\ufb03', 'ffi'],
  ['\ufb04', 'ffl'],
  ['\ufb05', 'st'],
  ['\ufb06', 'st'],
];
