import { describe, expect, test } from 'vitest';
import { unescapeBytes, unescapeClf } from './clf-escapes.js';

describe('escapes of an access log', () => {
  test.each([
    ['nothing to undo', 'nothing to undo'],
    [String.raw`a \"b\" \\ c`, String.raw`a "b" \ c`],
    [String.raw`\t\n\v`, '\t\n\v'],
    [String.raw`caf\xc3\xa9 \xC3\xA9`, 'café é'],
    // Bytes that are no UTF-8 stay as written.
    [String.raw`\xff\xfe!`, String.raw`\xff\xfe!`],
    // An escaped backslash before an x begins no byte.
    [String.raw`\\x41\x41`, String.raw`\x41A`],
    [String.raw`\q \x4 \x`, String.raw`\q \x4 \x`],
    ['ends in \\', 'ends in \\'],
  ])('%s', (written, text) => {
    expect(unescapeClf(written)).toBe(text);
  });

  test.each([
    [String.raw`{"agent":"caf\xc3\xa9"}`, { agent: 'café' }],
    [String.raw`{"agent":"\x22quoted\x22 \"too\""}`, { agent: '"quoted" "too"' }],
    [String.raw`{"path":"C:\\x41"}`, { path: String.raw`C:\x41` }],
    [String.raw`{"raw":"\xff"}`, { raw: String.raw`\xff` }],
  ])('inside JSON: %s', (written, value) => {
    expect(JSON.parse(unescapeBytes(written))).toEqual(value);
  });
});
