import stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;
const ELLIPSIS = '…';
const graphemes = new Intl.Segmenter();

/** Columns of a terminal that a printable text takes: wide characters (CJK, emoji) take two. */
export function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/** The text if it fits into so many columns, else its beginning and `…`; never a part of a character. */
export function cutTo(width: number, text: string): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  if (ASCII.test(text)) return text.slice(0, width - 1) + ELLIPSIS;
  let cut = '';
  let used = displayWidth(ELLIPSIS);
  // What lies behind the columns there are is not looked at: a message may be long.
  for (const { segment } of graphemes.segment(text.slice(0, width * MAX_UNITS_PER_COLUMN))) {
    used += displayWidth(segment);
    if (used > width) break;
    cut += segment;
  }
  return cut + ELLIPSIS;
}

/** A family of four as one emoji has 11 code units on two columns. */
const MAX_UNITS_PER_COLUMN = 8;
