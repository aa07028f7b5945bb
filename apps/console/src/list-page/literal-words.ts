import { phraseOf } from '../state/filters.js';

const MIN_LENGTH = 3;
const MAX_PHRASES = 3;
const MAX_PHRASE = 200;

/**
 * What a search can look for of a text with `<number>`, `<*>` and such in place of what differs: its longest parts, as phrases.
 *
 * @returns `undefined` when nothing is left
 */
export function literalWords(pattern: string): string | undefined {
  const parts = pattern
    .split(/<[^<>\s]{1,20}>/)
    .map((part) => part.trim().slice(0, MAX_PHRASE))
    .filter((part) => part.length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_PHRASES);
  return parts.length === 0 ? undefined : parts.map(phraseOf).join(' ');
}
