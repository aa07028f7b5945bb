import { printable } from './printable.js';

/** Paints the words that were searched for in a text that is printable already. */
export type Highlighter = (text: string) => string;

/** @param query as `q` has it: words and "quoted phrases"; those with `-` are not there to be shown */
export function highlighterOf(query: string, paint: (text: string) => string): Highlighter {
  const terms = [...query.matchAll(/(-?)(?:"([^"]*)"?|([^\s"]+))/g)]
    .filter(([, sign]) => sign === '')
    .map(([, , phrase, word]) => printable(phrase ?? word ?? ''))
    .filter((term) => term !== '')
    .sort((a, b) => b.length - a.length);
  if (terms.length === 0) return (text) => text;
  const pattern = new RegExp(terms.map(escaped).join('|'), 'giu');
  return (text) => text.replace(pattern, paint);
}

function escaped(term: string): string {
  return term.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
