import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES, readLines } from './input/lines.js';
import { Intake, type Outcome } from './intake.js';
import { FORMATS, WRAPPERS } from './registry.js';
import { FIXTURES } from './testing/fixtures.js';

const LINES = FIXTURES.flatMap(({ text }) => text.split('\n'));
const NAMES = [undefined, ...WRAPPERS, ...FORMATS].map((format) => format?.name);

async function read(bytes: Buffer, format?: string): Promise<Outcome[]> {
  const intake = new Intake({ format, now: Date.parse('2026-11-25T00:00:00Z') });
  const outcomes: Outcome[] = [];
  async function* source() {
    yield bytes;
  }
  for await (const line of readLines(source())) outcomes.push(...intake.push(line));
  return [...outcomes, ...intake.end()];
}

/** A line of some format with bytes exchanged, taken out and put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(...LINES),
    fc.array(fc.tuple(fc.nat(2000), fc.nat(20), fc.uint8Array({ maxLength: 8 })), { maxLength: 6 }),
  )
  .map(([line, cuts]) => {
    let bytes = Buffer.from(line);
    for (const [at, length, put] of cuts) {
      const place = at % (bytes.length + 1);
      bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + length)]);
    }
    return bytes;
  });

describe('whatever comes in', () => {
  test('no bytes throw, and entries are what JSON can say', async () => {
    const inputs = fc.array(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(inputs, fc.constantFrom(...NAMES), async (lines, format) => {
        const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
        for (const outcome of await read(bytes, format)) {
          if ('refused' in outcome) expect(outcome.refused.message).toBeTypeOf('string');
          else expect(JSON.parse(JSON.stringify(outcome.entry))).toBeTypeOf('object');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a line gives the same whatever other lines of whole entries stand before it', async () => {
    const single = FIXTURES.filter(
      ({ text, format }) => !text.includes('\n') && !/w3c|cloudfront/.test(format),
    );
    const outcomesOf = async (text: string) =>
      (await read(Buffer.from(text))).map(({ line, ...outcome }) => outcome);
    // Every pair: of a hundred drawn at random the one that differs is seen once in twenty runs.
    for (const { text, format, title } of single) {
      const alone = await outcomesOf(text);
      for (const before of single) {
        const after = await outcomesOf(`${before.text}\n${text}`);
        expect(after.slice(-alone.length), `${format}, ${title}, after ${before.title}`).toEqual(alone);
      }
    }
  });

  const parts = [
    ...[
      '"',
      '\\',
      ' ',
      '{',
      '[',
      '}{',
      '" "',
      ' "a"',
      'a=b ',
      '\\x41',
      '", client: 1.1.1.1, server: x',
      '1.1.1.1, ',
    ],
    ...[
      '1 ',
      ', ',
      '\\"',
      '\t',
      '<14>1 ',
      '{"a":',
      '"a":1,',
      'a',
      ': ',
      '\u0000',
      '[a ',
      'a="b" ',
      '12345678901234567,',
    ],
  ];
  const heads = [
    '',
    '192.0.2.1 - - [25/Nov/2026:08:00:00 +0000] "',
    '192.0.2.1 - - [25/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1 "',
    '192.0.2.1 - - [25/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "',
    '2026/11/25 08:46:00 [error] 31#31: *1 ',
    '[Wed Nov 25 08:45:00.123456 2026] [core:error] ',
    '[2026-11-25T09:10:00.310Z] "GET / HTTP/1.1" 200 - 1 1 1 1 "',
    '<165>1 2026-11-25T08:35:00.003Z web app 1 ID [a@1 b="',
    '2026-11-25 10:45:00,125 WARN  [org.keycloak.events] (a) type="',
    'level=info msg="',
    '{"time":"2026-11-25T10:57:00.125Z","a":"',
    '{"time":"2026-11-25T10:57:00.125Z","a":',
    '{"@t":"2026-11-25T10:57:00.125Z","@mt":"',
    '2026-11-25T08:20:01.250117300Z stdout F ',
    '192.0.2.1:5 [25/Nov/2026:09:05:00.655] fe be/s 0/0/1/2/3 200 12 - - ---- 1/1/0/0/0 0/0 {',
  ];

  test.each(heads)('a megabyte behind %j takes time in proportion to a tenth of it', async (head) => {
    const cpuOf = async (length: number, part: string) => {
      const bytes = Buffer.from((head + part.repeat(length / part.length)).slice(0, MAX_LINE_BYTES));
      const before = process.cpuUsage();
      await read(bytes);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    for (const part of parts) {
      const whole = await cpuOf(MAX_LINE_BYTES, part);
      // A hundred times would be quadratic; what is short is noise.
      if (whole > 250)
        expect(whole, JSON.stringify(part)).toBeLessThan(40 * (await cpuOf(MAX_LINE_BYTES / 10, part)));
    }
  });

  test('a line past the bound is refused, parts of a line together too', async () => {
    const part = `2026-11-25T08:20:01.2Z stdout P ${'x'.repeat(600_000)}\n`;
    const outcomes = await read(
      Buffer.from(`${part}${part}2026-11-25T08:20:01.2Z stdout F end\n${'y'.repeat(MAX_LINE_BYTES + 1)}\n`),
    );
    expect(outcomes.map((outcome) => 'refused' in outcome && outcome.refused.code)).toEqual([
      'line_too_long',
      'line_too_long',
    ]);
  });
});
