import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_MESSAGE_BYTES, SyslogFrames } from './syslog-frames.js';

function framesOf(...pieces: readonly string[]): string[] {
  const frames = new SyslogFrames();
  return [...pieces.flatMap((piece) => frames.push(Buffer.from(piece))), ...frames.end()].map(String);
}

describe('frames of syslog', () => {
  test.each<[string, string[], string[]]>([
    ['lines', ['<13>a\n<13>b\r\n\n<13>c'], ['<13>a', '<13>b\r', '<13>c']],
    ['lengths', ['5 <13>a6 <13>bc'], ['<13>a', '<13>bc']],
    ['a length whose message has line feeds', ['9 <13>a\nb\nc5 <13>d'], ['<13>a\nb\nc', '<13>d']],
    ['both in turns', ['5 <13>a<13>b\n5 <13>c\n<13>d\n'], ['<13>a', '<13>b', '<13>c', '<13>d']],
    [
      'a line that begins with a number',
      ['12 monkeys\n2026-01-01 x\n123456789 <13>y\n'],
      ['12 monkeys', '2026-01-01 x', '123456789 <13>y'],
    ],
    ['a length cut short', ['9 <13>a'], []],
    ['a length without more', ['12'], ['12']],
    ['a length and its space without more', ['12 '], ['12 ']],
    ['nothing', ['', '\n\0\r\n '], []],
  ])('%s', (_, pieces, messages) => expect(framesOf(...pieces)).toEqual(messages));

  test('are the same however the stream is cut', () => {
    const message = fc
      .string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', '1', ' ', '<', 'ü') })
      .map((text) => `<13>${text}x`);
    const framed = fc.tuple(message, fc.boolean()).map(([text, isCounted]) => ({
      text,
      sent: isCounted ? `${Buffer.byteLength(text)} ${text}` : `${text}\n`,
    }));
    fc.assert(
      fc.property(fc.array(framed), fc.integer({ min: 1, max: 30 }), (all, size) => {
        const stream = Buffer.from(all.map(({ sent }) => sent).join(''));
        const frames = new SyslogFrames();
        const messages: Buffer[] = [];
        for (let at = 0; at < stream.length; at += size)
          messages.push(...frames.push(stream.subarray(at, at + size)));
        expect([...messages, ...frames.end()].map(String)).toEqual(all.map(({ text }) => text));
      }),
    );
  });

  test('hold no more than a message, however long it says it is', () => {
    const frames = new SyslogFrames();
    const piece = Buffer.alloc(100_000, 'x');
    expect(frames.push(Buffer.from('9999999 <13>'))).toEqual([]);
    for (let i = 0; i < 99; i++) expect(frames.push(piece)).toEqual([]);
    // Five bytes are left behind the length, and are a line.
    const [message, , after] = frames.push(Buffer.concat([piece, Buffer.from('\n<13>next\n')]));
    expect(message?.length).toBe(MAX_MESSAGE_BYTES);
    expect(String(after)).toContain('next');
    for (let i = 0; i < 99; i++) expect(frames.push(piece)).toEqual([]);
    expect(frames.push(Buffer.from('\n'))[0]?.length).toBe(MAX_MESSAGE_BYTES);
  });
});
