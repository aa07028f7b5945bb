import { clearProgressSchema } from '@tailrace/api';
import type { Clear, ClearRequest } from '@tailrace/query';
import { describe, expect, test } from 'vitest';
import { createApp } from '../index.js';
import { fakeDeps } from '../testing/fake-deps.js';

const NOW = Date.UTC(2024, 0, 15, 10, 30);

describe('DELETE /logs', () => {
  const clearing = (steps: () => AsyncGenerator<number>) => {
    const requests: ClearRequest[] = [];
    const reported: string[] = [];
    const clear: Clear = (request) => {
      requests.push(request);
      return steps();
    };
    const app = createApp(
      fakeDeps({ clear, allowedHosts: [], report: (text) => reported.push(text), now: () => NOW }),
    );
    const remove = (query: string) => app.request(`/logs${query}`, { method: 'DELETE' });
    return { remove, requests, reported };
  };
  const linesOf = async (response: Response) =>
    (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => clearProgressSchema.parse(JSON.parse(line)));

  test('says how many entries are gone, and that it is done', async () => {
    const { remove, requests } = clearing(async function* () {
      yield 3;
      yield 5;
    });
    const response = await remove('?ip=192.0.2.1&before=2024-01-15T00:00:00Z');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect((await linesOf(response)).at(-1)).toEqual({ removed: 5, done: true });
    expect(requests).toEqual([{ filter: { ip: '192.0.2.1' }, before: Date.UTC(2024, 0, 15) }]);
  });

  test('takes filters on data, and removes nothing for one that is invalid', async () => {
    const { remove, requests } = clearing(async function* () {
      yield 1;
    });
    expect((await remove('?data.order.id=7&data.plan!=free&data.plan!=pro')).status).toBe(200);
    expect(requests).toEqual([{ filter: { 'data.order.id': '7', 'data.plan!': ['free', 'pro'] } }]);
    expect((await remove('?data.a..b=7')).status).toBe(400);
    expect(requests).toHaveLength(1);
  });

  test.each([
    '?ips=192.0.2.1',
    '?__proto__=1',
    '?data=1',
    '?data.a=',
    '?before=yesterday',
    '?hours=1',
    '?ip=',
  ])('%s removes nothing and is a 400', async (query) => {
    const { remove, requests } = clearing(async function* () {});
    expect((await remove(query)).status).toBe(400);
    expect(requests).toEqual([]);
  });

  test('a store that is away is a 503', async () => {
    // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
    const { remove } = clearing(async function* () {
      throw new Error('Connection is closed.');
    });
    expect((await remove('')).status).toBe(503);
  });

  test('what fails on the way is said in the last line, without its cause, and reported', async () => {
    const { remove, reported } = clearing(async function* () {
      yield 2;
      throw new Error('secret detail');
    });
    const lines = await linesOf(await remove(''));
    expect(lines).toEqual([{ removed: 2, done: false, error: expect.not.stringContaining('secret') }]);
    expect(reported.join()).toContain('secret detail');
  });

  test('a client that goes away ends it', async () => {
    let signal: AbortSignal | undefined;
    const clear: Clear = (_, options) => {
      signal = options?.signal;
      return (async function* () {
        for (let removed = 0; ; removed++) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          yield removed;
        }
      })();
    };
    const app = createApp(fakeDeps({ clear, allowedHosts: [] }));
    const response = await app.request('/logs', { method: 'DELETE' });
    await response.body?.cancel();
    await expect.poll(() => signal?.aborted).toBe(true);
  });
});
