import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJsonScan, MAX_BODY_DEPTH, MAX_ITEM_VALUES } from './json-scan.js';

interface Reading {
  readonly perLine?: boolean;
  readonly chunkBytes?: number;
}

function refusalOf(text: string, { perLine = false, chunkBytes = 65_536 }: Reading = {}): string | undefined {
  const scan = createJsonScan({ perLine });
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += chunkBytes) {
    const refusal = scan(bytes.subarray(i, i + chunkBytes));
    if (refusal !== undefined) return refusal.message;
  }
  return undefined;
}

const nested = (levels: number) => `${'['.repeat(levels)}"]]"${']'.repeat(levels)}`;

describe('the scan of a body', () => {
  test('lets JSON within the bounds pass, in chunks of any size', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.integer({ min: 1, max: 20 }), (text, chunkBytes) => {
        expect(refusalOf(text, { chunkBytes })).toBeUndefined();
      }),
    );
  });

  test('refuses what is nested deeper, also behind texts that look like brackets and quotes', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('"', '\\', '[', ']', '{', ',', 'ä', '\n'),
      maxLength: 12,
    });
    const levels = fc.integer({ min: MAX_BODY_DEPTH - 2, max: MAX_BODY_DEPTH + 2 });
    fc.assert(
      fc.property(hostile, levels, fc.integer({ min: 1, max: 20 }), (text, levels, chunkBytes) => {
        const body = `[${JSON.stringify(text)},${nested(levels - 1)}]`;
        const tooDeep = `the body is nested too deep; allowed: ${MAX_BODY_DEPTH} levels`;
        expect(refusalOf(body, { chunkBytes })).toBe(levels > MAX_BODY_DEPTH ? tooDeep : undefined);
        const line = `${JSON.stringify([text])}\n`;
        const lines = `${line.repeat(3)}${nested(levels)}\n${line}`;
        expect(refusalOf(lines, { perLine: true, chunkBytes })).toBe(
          levels > MAX_BODY_DEPTH ? tooDeep : undefined,
        );
      }),
    );
  });

  test('counts the values of each element of an outermost array apart', () => {
    const half = `{"data":[${'1,'.repeat(MAX_ITEM_VALUES / 2)}1]}`;
    expect(refusalOf(`[${half},${half},${half}]`)).toBeUndefined();
    expect(refusalOf(`{"a":${half},"b":${half}}`)).toContain('an item with too many values');
  });

  test('counts the values of each line apart, and a line that is cut off ends there', () => {
    const perLine = { perLine: true };
    const line = `{"data":[${'1,'.repeat(MAX_ITEM_VALUES / 2)}1]}`;
    expect(refusalOf(`${line}\n${line}\n${line}\n`, perLine)).toBeUndefined();
    expect(refusalOf('{"a":"b\n'.repeat(MAX_BODY_DEPTH * 2), perLine)).toBeUndefined();
    expect(refusalOf(`{}\n${nested(MAX_BODY_DEPTH + 1)}\n`, perLine)).toContain('nested too deep');
    expect(refusalOf('\n'.repeat(300_000), perLine)).toContain('too many values');
  });
});
