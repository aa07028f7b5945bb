import { LEVEL_NAMES, LEVELS, type Level } from '@tailrace/schema';
import { LogRecord } from '@tailrace/writer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordQueue } from './record-queue.js';

const ALL = Number.POSITIVE_INFINITY;

function record(timestamp: number, level: Level = 'INFO', bytes = 10): LogRecord {
  return new LogRecord('log', level, timestamp, '', undefined, {}, undefined, bytes, false);
}

function queueOf(maxEntries: number, maxBytes: number, isAway = false) {
  let sacrificed = 0;
  const queue = new RecordQueue({
    maxEntries,
    maxBytes,
    isAway: () => isAway,
    onShed: (count) => {
      sacrificed += count;
    },
  });
  const push = (timestamp: number, level: Level = 'INFO', bytes = 10) =>
    queue.push(record(timestamp, level, bytes), level);
  return { queue, push, sacrificed: () => sacrificed };
}

describe('RecordQueue', () => {
  it('gives records of all levels back in the order of their calls, over many thousands', () => {
    const { queue, push } = queueOf(100_000, 10_000_000);
    const taken: number[] = [];
    for (let i = 0; i < 30_000; i++) {
      push(i, LEVEL_NAMES[(i * 7) % LEVEL_NAMES.length]);
      if (i % 3 === 0) taken.push(...queue.take(2, ALL).map(({ timestamp }) => timestamp));
    }
    taken.push(...queue.take(100_000, ALL).map(({ timestamp }) => timestamp));
    expect(taken).toEqual(Array.from({ length: 30_000 }, (_, i) => i));
    expect(queue).toMatchObject({ size: 0, bytes: 0, pushed: 30_000, oldest: ALL });
  });

  it('refuses a record past the number of entries or of bytes when nothing waits that is less important', () => {
    const byNumber = queueOf(2, 1_000);
    expect([1, 2, 3].map((i) => byNumber.push(i))).toEqual([true, true, false]);
    const byBytes = queueOf(10, 25);
    expect([1, 2, 3].map((i) => byBytes.push(i))).toEqual([true, true, false]);
    byBytes.queue.take(1, ALL);
    expect(byBytes.push(4)).toBe(true);
  });

  it('says which level is about to be lost: the highest of which, with higher ones, three quarters of a bound wait', () => {
    const { queue, push } = queueOf(8, 1_000);
    for (let i = 0; i < 5; i++) push(i, 'INFO');
    expect(queue.threatened).toBeUndefined();
    push(5, 'ERROR');
    expect(queue.threatened).toBe('INFO');
    for (let i = 6; i < 11; i++) push(i, 'ERROR');
    expect(queue.threatened).toBe('ERROR');
    push(11, 'AUDIT', 700);
    expect(queue.threatened).toBe('ERROR');
    push(12, 'AUDIT', 200);
    expect(queue.threatened).toBe('AUDIT');
    queue.take(8, ALL);
    expect(queue.threatened).toBeUndefined();
  });

  it('gives up nothing for a record that is larger than all it could make room for', () => {
    const { queue, push, sacrificed } = queueOf(10, 100);
    push(1, 'DEBUG', 40);
    push(2, 'ERROR', 40);
    expect(push(3, 'AUDIT', 90)).toBe(true);
    expect(push(4, 'ERROR', 90)).toBe(false);
    expect(sacrificed()).toBe(2);
    expect(queue.take(10, ALL).map(({ timestamp }) => timestamp)).toEqual([3]);
  });

  it('gives at least one record, and else no more than the bytes asked for allow', () => {
    const { queue, push } = queueOf(10, 1_000);
    for (let i = 0; i < 6; i++) push(i);
    expect(queue.take(10, 1)).toHaveLength(1);
    expect(queue.take(10, 20)).toHaveLength(2);
    expect(queue.bytes).toBe(30);
  });

  it('never gives up a record while one of a lower level waits, and counts each it gives up', () => {
    const calls = fc.array(
      fc.record({ level: fc.constantFrom(...LEVEL_NAMES), bytes: fc.integer({ min: 1, max: 30 }) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 20 }), (given, maxEntries) => {
        const { queue, push, sacrificed } = queueOf(maxEntries, 200);
        let refused = 0;
        for (const [i, { level, bytes }] of given.entries()) {
          if (push(i, level, bytes)) continue;
          refused++;
        }
        const kept = queue.take(1_000, ALL);
        expect(kept.length + refused + sacrificed()).toBe(given.length);
        const times = kept.map(({ timestamp }) => timestamp);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(kept.length).toBeLessThanOrEqual(maxEntries);
        // With records of one size what stays is as important as can be.
        const sameSize = queueOf(maxEntries, 1_000_000);
        for (const [i, { level }] of given.entries()) sameSize.push(i, level);
        const ranks = given.map(({ level }) => LEVELS[level]).sort((a, b) => b - a);
        const keptRanks = sameSize.queue.take(1_000, ALL).map(({ level }) => LEVELS[level as Level]);
        expect(keptRanks.sort((a, b) => b - a)).toEqual(ranks.slice(0, maxEntries));
      }),
    );
  });

  describe('of more than 2 MiB while Redis is away, which it packs', () => {
    const KIB = 1 << 10;
    const MIB = 1 << 20;

    it('gives records back as they were, in the order of their calls', () => {
      const { queue } = queueOf(100_000, 64 * MIB, true);
      const given = Array.from({ length: 20_000 }, (_, i) => unusualRecord(i));
      for (const one of given) expect(queue.push(one, one.level as Level)).toBe(true);
      const taken = [...queue.take(7, ALL), ...queue.take(9_000, ALL)];
      given.push(...Array.from({ length: 5_000 }, (_, i) => unusualRecord(20_000 + i)));
      for (const one of given.slice(20_000)) queue.push(one, one.level as Level);
      taken.push(...queue.take(100_000, ALL));
      expect(taken).toStrictEqual(given);
      expect(queue).toMatchObject({ size: 0, bytes: 0, oldest: ALL });
    });

    it('gives up the lowest levels first and in runs, and keeps the room for higher ones', () => {
      const { queue, push, sacrificed } = queueOf(100_000, 4 * MIB, true);
      const levels = ['DEBUG', 'INFO'] as const;
      for (let i = 0; i < 4 * KIB; i++) push(i, levels[i % 2], KIB);
      expect(push(4 * KIB, 'ERROR', KIB)).toBe(true);
      expect(sacrificed()).toBeGreaterThan(1);
      expect(queue.refuses('DEBUG')).toBe(true);
      expect(push(4 * KIB + 1, 'DEBUG', KIB)).toBe(false);
      for (let i = 0; i < KIB; i++) expect(push(5 * KIB + i, 'ERROR', KIB)).toBe(true);
      expect(queue.size + sacrificed()).toBe(5 * KIB + 1);
      expect(queue.bytes).toBe(queue.size * KIB);
      const kept = queue.take(100_000, ALL).map(({ level }) => level);
      const countOf = (level: Level) => kept.filter((one) => one === level).length;
      expect([countOf('INFO'), countOf('ERROR')]).toEqual([2 * KIB, KIB + 1]);
      expect(push(6 * KIB, 'DEBUG', KIB)).toBe(true);
    });

    it('keeps a record as it is that cannot be copied', () => {
      const { queue } = queueOf(100_000, 64 * MIB, true);
      const odd = { ...record(0, 'INFO', 3 * MIB), fields: { call: () => 1 } };
      queue.push(odd, 'INFO');
      queue.push(odd, 'INFO');
      expect(queue.take(2, ALL)).toStrictEqual([odd, odd]);
    });
  });
});

/** With all that a snapshot may hold. */
function unusualRecord(i: number): LogRecord {
  const fields = { a: undefined, b: Number.NaN, c: -0, d: null, text: `\ud800 ${i} 漢字`, list: [i, [{}]] };
  Object.defineProperty(fields, '__proto__', { value: i, enumerable: true });
  const line = { method: 'GET', path: `/${i}`, client_ip: '192.0.2.1', proxy_hostname: 'a.example' };
  const isRequest = i % 3 === 0;
  return new LogRecord(
    isRequest ? 'request' : 'log',
    LEVEL_NAMES[(i * 7) % LEVEL_NAMES.length],
    i,
    isRequest ? undefined : `message ${i}`,
    isRequest ? line : undefined,
    fields,
    { trace_id: `trace ${i}` },
    1_000,
    i % 2 === 0,
  );
}
