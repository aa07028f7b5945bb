import type { Span } from '../text/span.js';
import { isLetterOrDigit } from './letters.js';
import { ALPHABETS, type Alphabet, TOKEN_KINDS, type TokenKind } from './token-table.js';

/** Letters looked at before a token is taken for one; the rest of it is only passed over. */
const MAX_LOOK = 128;

interface Kind {
  /** Sticky: what stands behind the prefix. */
  readonly rest: RegExp;
  /** Sticky: letters that go on behind the longest look. */
  readonly run: RegExp;
  /** Whether words fit the alphabet. */
  readonly isWordy: boolean;
}

const WORDY: readonly Alphabet[] = ['alphanumeric', 'word', 'dotted', 'base64', 'any'];

const ESCAPED = /[.*+?^${}()|[\]\\/]/g;
const PREFIXES = TOKEN_KINDS.flatMap(({ prefixes }) => prefixes).sort((a, b) => b.length - a.length);
const PREFIX = new RegExp(PREFIXES.map((prefix) => prefix.replace(ESCAPED, '\\$&')).join('|'), 'g');

/** What a found prefix can begin: tokens of that prefix, and of each prefix that it begins with itself. */
const BY_PREFIX: ReadonlyMap<string, readonly [number, Kind][]> = new Map(
  PREFIXES.map((found) => [
    found,
    TOKEN_KINDS.flatMap((kind) =>
      kind.prefixes
        .filter((prefix) => found.startsWith(prefix))
        .map((prefix): [number, Kind] => [prefix.length, compiled(kind)]),
    ),
  ]),
);

function compiled({ letters, length }: TokenKind): Kind {
  const [least, most] = typeof length === 'number' ? [length, undefined] : length;
  const one = `[${ALPHABETS[letters]}]`;
  const rest = most === undefined ? `{${least},${MAX_LOOK}}` : `{${least},${most}}(?![0-9A-Za-z])`;
  return {
    rest: new RegExp(one + rest, 'y'),
    run: new RegExp(most === undefined ? `${one}*` : '', 'y'),
    isWordy: WORDY.includes(letters),
  };
}

/** Tokens that begin as those of a provider do, in the order they stand in the text. */
export function tokensIn(text: string): Span[] {
  const spans: Span[] = [];
  PREFIX.lastIndex = 0;
  for (let found = PREFIX.exec(text); found !== null; found = PREFIX.exec(text)) {
    const [prefix] = found;
    const isMiddle = !isLetterOrDigit(prefix.charCodeAt(0));
    const at = found.index;
    if (!isMiddle && at > 0 && isLetterOrDigit(text.charCodeAt(at - 1))) continue;
    const end = tokenEnd(text, at, prefix);
    if (end === undefined) continue;
    spans.push({ start: isMiddle ? wordStart(text, at) : at, end });
    PREFIX.lastIndex = end;
  }
  return spans;
}

function tokenEnd(text: string, at: number, prefix: string): number | undefined {
  for (const [length, { rest, run, isWordy }] of BY_PREFIX.get(prefix) ?? []) {
    const from = at + length;
    rest.lastIndex = from;
    if (!rest.test(text) || (isWordy && !isRandom(text.slice(from, rest.lastIndex)))) continue;
    run.lastIndex = rest.lastIndex;
    run.test(text);
    return Math.max(run.lastIndex, rest.lastIndex);
  }
  return undefined;
}

/** `tailrace_http_requests_total` begins as a token does; in random letters there are digits or letters of both cases. */
function isRandom(letters: string): boolean {
  return /\d/.test(letters) || (/[a-z]/.test(letters) && /[A-Z]/.test(letters));
}

const MAX_WORD = 64;

/** Where the word begins whose middle is at `at`: the id before the secret of a bot's token. */
function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < MAX_WORD && isLetterOrDigit(text.charCodeAt(start - 1))) start--;
  return start;
}
