import { beforeEach, describe, expect, it } from 'vitest';
import { DeliveryCounts } from './delivery-counts.js';

describe('DeliveryCounts', () => {
  let now = 0;
  let counts: DeliveryCounts;

  beforeEach(() => {
    now = 10_000;
    counts = new DeliveryCounts(() => now);
  });

  it('tells of drops at once, then of each reason once a second, and of every drop once', () => {
    const told = [];
    for (; now < 15_000; now += 50) {
      counts.drop('queue_full', 2);
      if (now % 100 === 0) counts.drop('rejected', 1);
      if (counts.hasUntold) told.push(...counts.takeUntold());
      expect(counts.takeUntold()).toEqual([]);
    }
    counts.isEnding = true;
    told.push(...counts.takeUntold());
    expect(counts).toMatchObject({ hasUntold: false, owesNotices: false });
    const full = told.filter(({ reason }) => reason === 'queue_full');
    expect(full.map(({ from, to }) => [from, to])).toEqual([
      [10_000, 10_000],
      [10_050, 11_000],
      [11_050, 12_000],
      [12_050, 13_000],
      [13_050, 14_000],
      [14_050, 14_950],
    ]);
    expect(full.reduce((sum, { count }) => sum + count, 0)).toBe(counts.dropped.queue_full);
    const rejected = told.filter(({ reason }) => reason === 'rejected');
    expect(rejected).toHaveLength(6);
    expect(rejected.reduce((sum, { count }) => sum + count, 0)).toBe(counts.dropped.rejected);
  });

  it('owes what it does not tell of yet', () => {
    counts.drop('queue_full', 1);
    counts.takeUntold();
    counts.drop('queue_full', 1);
    expect(counts).toMatchObject({ hasUntold: false, owesNotices: true });
    now += 1_000;
    expect(counts.hasUntold).toBe(true);
  });

  it('tells of drops when the clock was put back', () => {
    counts.drop('queue_full', 1);
    counts.takeUntold();
    now -= 3_600_000;
    counts.drop('queue_full', 1);
    expect(counts.takeUntold()).toHaveLength(1);
  });

  it('takes Redis for away until something is written, and again when attempts fail', () => {
    expect(counts.isAway).toBe(true);
    counts.settle(5, 'written');
    expect(counts.isAway).toBe(false);
    counts.retries++;
    expect(counts.isAway).toBe(true);
    counts.settle(1, 'written');
    expect(counts.isAway).toBe(false);
  });

  it('says in the records of a new writer only what no stored record of those before has said', () => {
    counts.accepted = 5;
    counts.drop('queue_full', 2);
    counts.record();
    counts.recordStored();
    counts.accepted = 7;
    counts.drop('queue_full', 1);
    counts.drop('closed', 1);
    counts.record();
    counts.beginRecord();
    counts.accepted = 8;
    expect(counts.record().slice(6)).toEqual([
      'accepted',
      '3',
      'dropped_queue_full',
      '1',
      'dropped_closed',
      '1',
    ]);
  });
});
