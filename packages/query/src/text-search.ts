import type { Entry } from '@tailrace/schema';

/**
 * Reads the words and "quoted phrases" of a text query.
 *
 * @returns a function that says whether an entry's texts hold all of them, in any case; a word may be part of a
 * longer one.
 */
export function textMatcher(query: string): (entry: Entry) => boolean {
  const terms = termsOf(query);
  return (entry) => {
    const text = searchableText(entry);
    return terms.every((term) => text.includes(term));
  };
}

function termsOf(query: string): string[] {
  return [...query.matchAll(/"([^"]*)"?|([^\s"]+)/g)]
    .map(([, phrase, word]) => (phrase ?? word ?? '').toLowerCase())
    .filter((term) => term !== '');
}

/** The fields a text query looks into; of `error` and `data` every name and value. */
const TEXT_FIELDS = ['message', 'path', 'event', 'user_agent', 'error', 'data'] as const;

/** One text in lower case; a line end stands between the fields, so that no phrase spans two. */
function searchableText(entry: Entry): string {
  const texts: string[] = [];
  for (const field of TEXT_FIELDS) collectTexts(entry[field], texts);
  return texts.join('\n').toLowerCase();
}

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
