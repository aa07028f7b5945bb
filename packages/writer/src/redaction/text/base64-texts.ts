import type { Span } from './span.js';

/** Four times four letters of base64 or base64url that are ASCII: the first of four has its highest bit clear. */
const ASCII_RUN = /(?:[A-Za-f][\w+/-]{3}){4}/g;
const REST = /[\w+/-]*={0,2}/y;
/** Letters of which three in four must be printable when they are decoded: the first may be the end of a path. */
const LOOK = 88;
const UNPRINTABLE = /[^\t\n\r -~]/g;

/**
 * Texts that are base64 of a text with a secret in it.
 *
 * @param hasSecret whether a decoded text has one
 */
export function base64TextsIn(text: string, hasSecret: (decoded: string) => boolean): Span[] {
  const spans: Span[] = [];
  ASCII_RUN.lastIndex = 0;
  for (let found = ASCII_RUN.exec(text); found !== null; found = ASCII_RUN.exec(text)) {
    REST.lastIndex = ASCII_RUN.lastIndex;
    REST.test(text);
    const start = found.index;
    const end = REST.lastIndex;
    // A slash may be the end of a path as well as a letter, so the first of four letters may be any of the first four.
    const isSecret = [0, 1, 2, 3].some(
      (skip) =>
        isText(decoded(text, start + skip, Math.min(end, start + skip + LOOK))) &&
        hasSecret(decoded(text, start + skip, end)),
    );
    if (isSecret) spans.push({ start, end });
    ASCII_RUN.lastIndex = end;
  }
  return spans;
}

function decoded(text: string, start: number, end: number): string {
  return Buffer.from(text.slice(start, end), 'base64').toString('latin1');
}

function isText(letters: string): boolean {
  return (letters.match(UNPRINTABLE)?.length ?? 0) * 4 <= letters.length;
}
