/** One word or phrase of a text query. */
export interface TextTerm {
  /** As it was written, without the quotes around it. */
  readonly text: string;
  /** Wanted are the entries that do not hold it. */
  readonly isNegated: boolean;
}

/**
 * Reads a text query: words and "quoted phrases"; `-` in front of one negates it, `\"` is a quote itself, in words as well.
 *
 * @returns the terms; none for a query of blanks and quotes.
 */
export function textTermsOf(query: string): TextTerm[] {
  return [...query.matchAll(TERM)]
    .map(([, sign, phrase, word]) => ({
      text: (phrase ?? word ?? '').replaceAll('\\"', '"'),
      isNegated: sign === '-',
    }))
    .filter(({ text }) => text.trim() !== '');
}

/** A sign, then a phrase (the quote at its end may be missing) or a word. */
const TERM = /(-?)(?:"((?:\\"|[^"])*)"?|((?:\\"|[^\s"])+))/g;
