import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalMessage } from '../errors/normal-message.js';
import { PatternMiner } from './pattern-miner.js';

function mined(messages: readonly string[], options = {}) {
  const miner = new PatternMiner(options);
  for (const [i, message] of messages.entries()) miner.add(normalMessage(message), message, { timestamp: i });
  return miner;
}

describe('patterns', () => {
  test('messages become one pattern where they differ in variables only', () => {
    const messages = Array.from({ length: 300 }, (_, i) => [
      `user ${i} signed in from 192.0.2.${i % 250}`,
      `order of ${['alice', 'bob', 'carol'][i % 3]} is paid`,
      `cache miss`,
    ]).flat();
    expect(
      mined(messages)
        .list()
        .map(({ text, count }) => [count, text]),
    ).toEqual([
      [300, 'cache miss'],
      [300, 'order of <*> is paid'],
      [300, 'user <number> signed in from <ip>'],
    ]);
  });

  test('what came before the window is counted by itself', () => {
    const miner = new PatternMiner();
    miner.add('a b c', 'a b c', { timestamp: 1, isBefore: true });
    miner.add('d e f', 'd e f', { timestamp: 5 });
    miner.add('d e f', 'd e f', { timestamp: 7 });
    expect(miner.list()).toMatchObject([
      { text: 'd e f', count: 2, before: 0, firstSeen: 5, lastSeen: 7, sample: 'd e f' },
      { text: 'a b c', count: 0, before: 1, firstSeen: null, lastSeen: null },
    ]);
  });

  test('memory is bounded: what finds no place is counted', () => {
    const words = Array.from({ length: 5_000 }, (_, i) =>
      `${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10) % 10]} `.repeat((i % 40) + 1),
    );
    const miner = mined(words, { maxPatterns: 50 });
    expect(miner.list().length).toBeLessThanOrEqual(50);
    expect(miner.list().reduce((sum, { count }) => sum + count, 0) + miner.overflow).toBe(5_000);
  });

  test('the same messages give the same patterns, and every message is counted once', () => {
    const word = fc.constantFrom('user', 'order', 'paid', 'failed', '17', 'x', '"q"', '<*>', '');
    const messages = fc.array(
      fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(messages, (given) => {
        const miner = mined(given);
        expect(mined(given).list()).toEqual(miner.list());
        expect(miner.list().reduce((sum, { count }) => sum + count, 0) + miner.overflow).toBe(given.length);
        const texts = miner.list().map(({ text }) => text);
        expect(new Set(texts).size).toBe(texts.length);
      }),
    );
  });
});
