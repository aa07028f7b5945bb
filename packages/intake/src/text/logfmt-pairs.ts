const MAX_PAIRS = 500;
const ESCAPE = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gis;
const SHORT: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
};

/**
 * Splits a line into the pairs of logfmt: a value is bare or quoted as in Go, a key alone is `true`. Of a key that comes
 * again, the values are gathered in a list.
 *
 * @returns `undefined` when the line is not logfmt to its end.
 */
export function parseLogfmt(line: string): Record<string, unknown> | undefined {
  const pairs = new Map<string, unknown>();
  let at = 0;
  for (let count = 0; count <= MAX_PAIRS; count += 1) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    if (at >= line.length) return Object.fromEntries(pairs);
    const start = at;
    while (at < line.length && !isEndOfKey(line.charCodeAt(at))) at += 1;
    const key = line.slice(start, at);
    if (key === '' || line[at] === '"') return undefined;
    let value: string | true = true;
    if (line[at] === '=') {
      const end = endOfValue(line, at + 1);
      if (end === undefined) return undefined;
      value = unquoted(line.slice(at + 1, end));
      at = end;
    }
    const known = pairs.get(key);
    if (Array.isArray(known)) known.push(value);
    else pairs.set(key, known === undefined ? value : [known, value]);
  }
  return undefined;
}

/** Space, control, `=` or a quote. */
function isEndOfKey(code: number): boolean {
  return code <= 0x20 || code === 0x3d || code === 0x22;
}

function endOfValue(line: string, start: number): number | undefined {
  if (line[start] !== '"') {
    let at = start;
    while (at < line.length && line.charCodeAt(at) > 0x20) {
      if (line[at] === '"') return undefined;
      at += 1;
    }
    return at;
  }
  for (let i = start + 1; i < line.length; i += 1) {
    if (line[i] === '\\') i += 1;
    else if (line[i] === '"')
      return i + 1 === line.length || line.charCodeAt(i + 1) <= 0x20 ? i + 1 : undefined;
  }
  return undefined;
}

function unquoted(written: string): string {
  if (!written.startsWith('"')) return written;
  return written.slice(1, -1).replace(ESCAPE, (_, unicode?: string, byte?: string, character?: string) => {
    if (character !== undefined) return SHORT[character] ?? character;
    return String.fromCharCode(Number.parseInt((unicode ?? byte) as string, 16));
  });
}
