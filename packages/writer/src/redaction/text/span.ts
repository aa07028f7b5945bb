/** A part of a text: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a text that is a secret, and what stands in its place. */
export interface Replacement extends Span {
  readonly replacement: string;
}

/**
 * The text with its secrets replaced. Where two overlap, all of both goes: by the replacement of the one that holds the
 * other, else by that of the first.
 */
export function replaced(text: string, secrets: readonly Replacement[]): string {
  if (secrets.length === 0) return text;
  const [first, ...others] = secrets.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let kept = 0;
  let { start, end, replacement } = first as Replacement;
  for (const next of others) {
    if (next.start < end) {
      end = Math.max(end, next.end);
      continue;
    }
    result += text.slice(kept, start) + replacement;
    kept = end;
    ({ start, end, replacement } = next);
  }
  return result + text.slice(kept, start) + replacement + text.slice(end);
}

/** The text with blanks in place of its parts; every other letter stays where it is. */
export function blanked(text: string, parts: readonly Span[]): string {
  if (parts.length === 0) return text;
  let result = '';
  for (const { start, end } of parts.toSorted((a, b) => a.start - b.start)) {
    if (end <= result.length) continue;
    const from = Math.max(start, result.length);
    result += text.slice(result.length, from) + ' '.repeat(end - from);
  }
  return result + text.slice(result.length);
}
