import { type Entry, textTermsOf } from '@tailrace/schema';

/**
 * Reads a text query, as {@link textTermsOf} does.
 *
 * @returns a function that says whether an entry's texts hold all terms and none of the negated ones, in any case; a word
 * may be part of a longer one.
 */
export function textMatcher(query: string): (entry: Entry) => boolean {
  const terms = textTermsOf(query).map(({ text, isNegated }) => ({ text: withoutCase(text), isNegated }));
  return (entry) => {
    const text = searchableText(entry);
    return terms.every(({ text: term, isNegated }) => text.includes(term) !== isNegated);
  };
}

/** The fields a text query looks into; of `error` and `data` every name and value. */
export const TEXT_FIELDS = ['message', 'path', 'event', 'user_agent', 'error', 'data'] as const;

/** One text without case; a line end stands between the fields, so that no phrase spans two. */
function searchableText(entry: Entry): string {
  const texts: string[] = [];
  for (const field of TEXT_FIELDS) collectTexts(entry[field], texts);
  return withoutCase(texts.join('\n'));
}

/**
 * One form for all a person would call the same letters: upper case first, as `ß` and `SS` have no other form in common,
 * composed, with one small sigma.
 */
export function withoutCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
const ASCII = /^[\x00-\x7f]*$/;

/** Entries are bounded in depth where they are written. */
function collectTexts(value: unknown, texts: string[]): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    texts.push(String(value));
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) texts.push(name);
    collectTexts(member, texts);
  }
}
