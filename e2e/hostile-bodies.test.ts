import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

const POLL = { timeout: 20_000 };

let gateway: GatewayProcess;

/** The heap is small, so that what is held past its bound ends the process. */
beforeAll(async () => {
  gateway = await startGatewayProcess({ NODE_OPTIONS: '--max-old-space-size=512' });
});
afterAll(() => gateway?.stop());

function post(body: string, path = '/logs'): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(gateway.url + path, { method: 'POST', headers, body });
}

async function errorOf(response: Response): Promise<{ code: string; message: string }> {
  return ((await response.json()) as { error: { code: string; message: string } }).error;
}

const objects = (count: number) => `{"data":{"x":[${'{},'.repeat(count - 1)}{}]}}`;
const keys = (count: number) => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`;

test.each([
  ['8 MB of empty objects', objects(2_700_000)],
  ['10.4 MB of empty objects', objects(3_480_000)],
  ['a million keys', keys(600_000)],
  ['a million data keys', `{"data":${keys(600_000)}}`],
  [
    'nested errors',
    `{"error":{"type":"E","message":"m","errors":[${'{"type":"E","message":"m"},'.repeat(99_999)}1]}}`,
  ],
])('%s are refused, and the gateway goes on', async (_, body) => {
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatchObject({ code: 'invalid_body' });
  expect((await post('{"message":"still here"}')).status).toBe(200);
});

test('levels are bounded the same way', async () => {
  const response = await fetch(`${gateway.url}/logs/levels`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: `{"components":{${'"a":"INFO",'.repeat(900_000)}"b":"INFO"}}`,
  });
  expect(response.status).toBe(400);
  expect((await errorOf(response)).message).toContain('too many values');
});

test('60 large bodies at once are answered one by one, refused with 400 or 429, or stored', async () => {
  const large = [keys(600_000), objects(3_000_000), `{"message":"${'m'.repeat(9_900_000)}"}`];
  const statuses = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const response = await post(large[i % large.length] as string);
      await response.arrayBuffer();
      if (response.status === 429) expect(response.headers.get('retry-after')).toBe('1');
      return response.status;
    }),
  );
  for (const status of statuses) expect([200, 400, 429]).toContain(status);
  expect(statuses).toContain(200);
  expect((await post('{"message":"still here"}')).status).toBe(200);
});

test('bodies that never end hold no more than there is room for', async () => {
  const leaving = new AbortController();
  const body = () => {
    let sent = 0;
    return new ReadableStream({
      pull: (controller) => {
        if (sent >= 9) return new Promise<void>(() => {});
        sent += 1;
        controller.enqueue(new Uint8Array(1 << 20).fill(0x20));
      },
    });
  };
  const headers = { 'content-type': 'application/json' };
  const stall = () => {
    const init = { method: 'POST', headers, body: body(), duplex: 'half' as const, signal: leaving.signal };
    return fetch(`${gateway.url}/logs`, init).catch(() => undefined);
  };
  const stalled = Array.from({ length: 7 }, stall);
  const status = async () => {
    const response = await post(`{"message":"${'m'.repeat(2_000_000)}"}`);
    await response.arrayBuffer();
    return response.status;
  };
  // The question itself may take the room of one that stalls, which lets go of all it had; another one comes for it.
  const statusBesideOneMore = () => {
    stalled.push(stall());
    return status();
  };
  await expect.poll(statusBesideOneMore, { ...POLL, interval: 250 }).toBe(429);
  leaving.abort();
  await Promise.all(stalled);
  await expect.poll(status, POLL).toBe(200);
});
