import { healthReplySchema } from '@tailrace/api';
import type { DeliveryReport, Writer } from '@tailrace/query';
import { describe, expect, test } from 'vitest';
import { fakeDeps } from '../testing/fake-deps.js';
import { createApp } from './app.js';

const ACCOUNT = { accepted: 1, written: 1, dropped: {}, lag: 0 };

function writer(id: string, changes: Partial<Writer>): Writer {
  return {
    id,
    host: 'web-1',
    pid: 7,
    started: 1,
    lastSeen: 2,
    skewMs: 0,
    indexFailed: 0,
    ...ACCOUNT,
    ...changes,
  };
}

async function health(delivery: () => Promise<DeliveryReport>) {
  const response = await createApp(fakeDeps({ delivery })).request('/health');
  return healthReplySchema.parse(await response.json());
}

describe('GET /health', () => {
  test('names the writers whose clock is off, or who could not write a key', async () => {
    const writers = [
      writer('right', { skewMs: -999 }),
      writer('replayed', { skewMs: null }),
      writer('behind', { skewMs: -8 * 86_400_000 }),
      writer('refused', { indexFailed: 3 }),
    ];
    const reply = await health(async () => ({ writers, totals: ACCOUNT, count: writers.length }));
    expect(reply.writers).toEqual([
      { id: 'behind', host: 'web-1', pid: 7, skew_ms: -691_200_000, index_failed: 0 },
      { id: 'refused', host: 'web-1', pid: 7, skew_ms: 0, index_failed: 3 },
    ]);
  });

  test('is ok where what the writers say cannot be read', async () => {
    const reply = await health(() => Promise.reject(new Error('NOPERM')));
    expect(reply).toMatchObject({ status: 'ok', eviction: null });
    expect(reply).not.toHaveProperty('writers');
  });
});
