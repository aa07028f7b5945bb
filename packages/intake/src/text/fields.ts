/** A field of a line: bare, or between quotes, which are taken off. */
export interface TextField {
  readonly text: string;
  readonly isQuoted: boolean;
}

const MAX_FIELDS = 128;

/**
 * Splits a line at spaces; what begins with a quote reaches to the quote before the next space or the end, so that a bare
 * quote inside does no harm. Backslashes escape. `undefined` when a quote is not closed, or there are too many fields.
 */
export function splitFields(line: string): readonly TextField[] | undefined {
  const fields: TextField[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ') {
      at += 1;
      continue;
    }
    if (fields.length === MAX_FIELDS) return undefined;
    if (line[at] === '"') {
      const end = closingQuote(line, at + 1);
      if (end === -1) return undefined;
      fields.push({ text: line.slice(at + 1, end), isQuoted: true });
      at = end + 1;
    } else {
      const space = line.indexOf(' ', at);
      const end = space === -1 ? line.length : space;
      fields.push({ text: line.slice(at, end), isQuoted: false });
      at = end;
    }
  }
  return fields;
}

/** The first quote that is not escaped and stands before a space or the end; -1 when there is none. */
export function closingQuote(line: string, start: number): number {
  for (let i = start; i < line.length; i += 1) {
    if (line[i] === '\\') i += 1;
    else if (line[i] === '"' && (i + 1 === line.length || line[i + 1] === ' ')) return i;
  }
  return -1;
}

/** What formats write for nothing. */
export function textOf(text: string | undefined): string | undefined {
  return text === undefined || text === '-' || text === '' || text === '""' ? undefined : text;
}

/** A count in digits; `-` and what is negative is none. */
export function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A status as logs write it: 0, 000 and -1 (nobody answered) are none. */
export function statusOf(text: string | undefined): number | undefined {
  const status = countOf(text);
  return status === undefined || status === 0 ? undefined : status;
}
