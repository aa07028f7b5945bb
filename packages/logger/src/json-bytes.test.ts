import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonBytes } from './json-bytes.js';

describe('JsonBytes', () => {
  it('writes every text as JSON that reads back as the same text, well-formed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 })), (texts) => {
        const json = new JsonBytes();
        json.json('[');
        texts.forEach((text, i) => {
          if (i > 0) json.json(',');
          json.string(text);
        });
        json.json(']');
        expect(JSON.parse(json.buffer.toString('utf8', 0, json.length))).toEqual(
          texts.map((text) => text.toWellFormed()),
        );
      }),
    );
  });

  it('grows with what is written', () => {
    const json = new JsonBytes();
    json.string('x'.repeat(100_000));
    expect(json.length).toBe(100_002);
  });
});
