import { createClient } from '@tailrace/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

/** As JSON each is some 660 KB: every character of its texts takes six. */
const COUNT = 60;
const LARGE = {
  message: '\u0001'.repeat(32_000),
  data: { text: '\u0002'.repeat(60_000) },
  component: 'large',
};
const PAGE_BYTES = 16 * 1024 * 1024;

let gateway: GatewayProcess;
const wanted = Array.from({ length: COUNT }, (_, i) => `trace-${i}`);

/** The heap is small, so that what is held past its bound ends the process. */
beforeAll(async () => {
  gateway = await startGatewayProcess({ NODE_OPTIONS: '--max-old-space-size=256' });
  const client = createClient({ url: gateway.url });
  for (let i = 0; i < COUNT; i += 10) {
    await client.ingest(wanted.slice(i, i + 10).map((trace_id) => ({ ...LARGE, trace_id })));
  }
});
afterAll(() => gateway?.stop());

async function pageAt(path: string) {
  const response = await fetch(gateway.url + path);
  expect(response.status).toBe(200);
  const text = await response.text();
  return { bytes: Buffer.byteLength(text), ...JSON.parse(text) };
}

test.each([
  '/logs?limit=1000&component=large',
  '/logs/search?limit=1000&q=no-such-word&component!=x&data.text!=y',
])('pages of %s end at a bound of bytes, say so, and together have all of it once', async (path) => {
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { bytes, logs, count, next_cursor, partial } = await pageAt(path + cursor);
    expect(bytes).toBeLessThan(PAGE_BYTES + 1_000_000);
    expect(partial).toBe(next_cursor !== null);
    expect(logs).toHaveLength(count);
    found.unshift(...logs.map((entry: { trace_id: string }) => entry.trace_id));
    if (next_cursor === null) break;
    cursor = `&cursor=${next_cursor}`;
  }
  expect(found).toEqual(path.includes('no-such-word') ? [] : wanted);
});

test('a page of the limit asked for is not called partial', async () => {
  const page = await pageAt('/logs?limit=5&component=large');
  expect(page).toMatchObject({ count: 5, partial: false, next_cursor: expect.any(String) });
});

test('many large pages at once are short rather than more than there is memory for', async () => {
  const pages = await Promise.all(Array.from({ length: 16 }, () => pageAt('/logs?limit=60&component=large')));
  for (const { count, next_cursor } of pages) {
    expect(count).toBeGreaterThan(0);
    expect(next_cursor).not.toBeNull();
  }
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
});

test.each(['ndjson', 'csv'])('an export as %s has all of them', async (format) => {
  const response = await fetch(`${gateway.url}/logs/export?component=large&format=${format}`);
  const text = await response.text();
  const seen = [...text.matchAll(/trace-\d+/g)].map(([trace]) => trace);
  expect(seen).toEqual(wanted.toReversed());
});

test('a tail begins with the last of them, and says how many were left out', async () => {
  const leaving = new AbortController();
  const seen: string[] = [];
  let missed = 0;
  const query = { component: 'large', tail: COUNT };
  for await (const event of createClient({ url: gateway.url }).stream(query, { signal: leaving.signal })) {
    if (event.type === 'missed') missed += event.count;
    if (event.type === 'entry') seen.push(String(event.entry.trace_id));
    if (missed + seen.length === COUNT) leaving.abort();
  }
  expect(seen).toEqual(wanted.slice(missed));
});
