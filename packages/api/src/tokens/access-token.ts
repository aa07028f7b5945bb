import { createHash } from 'node:crypto';

/** What a token allows: to query, to store entries, or all there is. `write` does not include `read`. */
export const SCOPES = ['read', 'write', 'admin'] as const;
/** @see SCOPES */
export type Scope = (typeof SCOPES)[number];

/** Random bytes of a token: 256 bits. */
export const TOKEN_BYTES = 32;
const TOKEN_PREFIX = 'tailrace_';
const LINE = /^(\S+)\s+(\S+)\s+sha256:([\w-]{43})$/;
const NAME = /^[\w.@-]{1,64}$/;

/** A token as the gateway knows it: by its hash, so that who reads the file of tokens has none of them. */
export interface KnownToken {
  /** Who it was made for. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the token, 32 bytes. */
  readonly digest: Buffer;
}

/** @param random {@link TOKEN_BYTES} random bytes */
export function tokenOf(random: Buffer): string {
  return TOKEN_PREFIX + random.toString('base64url');
}

/**
 * The hash a token is kept as. Plain SHA-256 is enough: a slow hash with salt protects passwords, which can be guessed;
 * nobody guesses 256 random bits.
 */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** @returns the line of a token for `TOKENS_FILE`. @throws RangeError when the name does not fit into one. */
export function tokenLine({ name, scopes, digest }: KnownToken): string {
  if (!NAME.test(name)) {
    throw new RangeError(`name is "${name}"; allowed: up to 64 letters, digits, and _ . @ -`);
  }
  return `${name} ${scopes.join(',')} sha256:${digest.toString('base64url')}`;
}

/**
 * Reads lines as {@link tokenLine} makes them; empty ones and those that begin with `#` are passed over.
 *
 * @throws RangeError with the number of a line that is wrong, never with what stands in it: that may be a token.
 */
export function parseTokenLines(text: string): KnownToken[] {
  return text.split('\n').flatMap((line, i) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const token = parseLine(trimmed);
    if (token !== undefined) return [token];
    throw new RangeError(
      `line ${i + 1} is not understood; allowed: name scopes sha256:…, as tailrace token create prints it`,
    );
  });
}

function parseLine(line: string): KnownToken | undefined {
  const [, name = '', scopeList = '', hash = ''] = LINE.exec(line) ?? [];
  const scopes = parseScopes(scopeList);
  return NAME.test(name) && scopes !== undefined
    ? { name, scopes, digest: Buffer.from(hash, 'base64url') }
    : undefined;
}

/** @returns the scopes of a list such as `read,write`, `undefined` when one of them is none. */
export function parseScopes(list: string): readonly Scope[] | undefined {
  const names = list.split(',').map((name) => name.trim());
  return names.every((name): name is Scope => SCOPES.includes(name as Scope))
    ? [...new Set(names)]
    : undefined;
}

/** Whether these scopes are enough for what needs `needed`. */
export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.includes(needed) || scopes.includes('admin');
}
