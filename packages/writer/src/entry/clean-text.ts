import { READ_BEYOND } from '../record/copy-budget.js';

/** A text of an entry with its secrets replaced, and whether some of it was cut off. */
export interface CleanText {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * Cuts a text before its secrets are looked for, so that the look takes no longer than what is stored is long, and to
 * its limit after. Where something was cut away, so is the end that may be the first part of a secret.
 *
 * @param limit code units that are stored
 * @param clean replaces secrets
 */
export function cleanText(text: string, limit: number, clean: (text: string) => string): CleanText {
  if (text.length <= limit) {
    const cleaned = clean(text);
    return { text: cutTo(cleaned, limit), isCut: cleaned.length > limit };
  }
  const read = cutTo(text, limit + READ_BEYOND);
  const cleaned = clean(read);
  // Replacements are mostly shorter than secrets, so the end that was read for them alone could move to before the limit.
  const kept = read === text ? cleaned.length : Math.max(0, cleaned.length - READ_BEYOND);
  return { text: cutTo(cleaned, Math.min(limit, kept)), isCut: true };
}

/** The beginning of a text, never ending between the halves of a surrogate pair. */
export function cutTo(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.charCodeAt(length - 1);
  return text.slice(0, end >= 0xd800 && end <= 0xdbff ? length - 1 : length);
}
