import { describe, expect, test } from 'vitest';
import { allows, parseScopes, parseTokenLines, tokenDigest, tokenLine, tokenOf } from './access-token.js';

const TOKEN = tokenOf(Buffer.alloc(32, 7));
const KNOWN = { name: 'ci@example', scopes: ['read', 'write'], digest: tokenDigest(TOKEN) } as const;

test('a token is 256 bits that stand in a header as they are', () => {
  expect(TOKEN).toMatch(/^tailrace_[\w-]{43}$/);
});

describe('lines of a file of tokens', () => {
  test('are read as they were made, and hold no token', () => {
    const line = tokenLine(KNOWN);
    expect(line).not.toContain(TOKEN.slice(9, 20));
    expect(parseTokenLines(`# who may ask\r\n\n${line}\r\n  ${line}  `)).toEqual([KNOWN, KNOWN]);
  });

  test.each([
    TOKEN,
    `ci read ${TOKEN}`,
    `ci read sha256:${TOKEN}`,
    `ci everything sha256:${'a'.repeat(43)}`,
    `ci read, sha256:${'a'.repeat(43)}`,
    `c/i read sha256:${'a'.repeat(43)}`,
  ])('that are wrong are named by number and not shown: %s', (line) => {
    expect(() => parseTokenLines(`\n${line}`)).toThrow(/^line 2 is not understood; allowed: /);
    expect(() => parseTokenLines(line)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(TOKEN.slice(9)) }),
    );
  });

  test('take no name that would break them', () => {
    expect(() => tokenLine({ ...KNOWN, name: 'a b' })).toThrow('name is "a b"; allowed');
    expect(() => tokenLine({ ...KNOWN, name: 'a\nb' })).toThrow(RangeError);
  });
});

test('admin allows all, write allows no reading', () => {
  expect(allows(['admin'], 'read') && allows(['admin'], 'write') && allows(['admin'], 'admin')).toBe(true);
  expect(allows(['write'], 'read')).toBe(false);
  expect(allows(['read'], 'write')).toBe(false);
  expect(allows(['read', 'write'], 'admin')).toBe(false);
  expect(allows([], 'read')).toBe(false);
});

test('scopes are read from a list, each once', () => {
  expect(parseScopes('read, write,read')).toEqual(['read', 'write']);
  for (const wrong of ['', 'READ', 'read;write', 'constructor']) expect(parseScopes(wrong)).toBeUndefined();
});
