import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { hasRedisServer, type RunningEngine, startRedisServer } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPage } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { testUnless } from './testing/test-unless.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const GZIP = { 'content-encoding': 'gzip' };

type Body = string | Buffer<ArrayBuffer>;
interface Answer {
  readonly status: number;
  readonly reply: {
    readonly ids: readonly string[];
    readonly error: { readonly code: string; readonly field: string };
  };
}

async function send(
  gateway: string,
  path: string,
  body: Body,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(gateway + path, { method: 'POST', body, headers });
  return { status: response.status, reply: (await response.json()) as Answer['reply'] };
}

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway?.stop());
const post = (path: string, body: Body, headers: Record<string, string> = JSON_TYPE) =>
  send(gateway.url, path, body, headers);
const get = async (path: string) => (await fetch(gateway.url + path)).json();

describe('the logs of services', () => {
  const log = {
    id: '6f1c7a52-6d3e-4f0a-9d57-1f6f6a2f0c11',
    level: 'warning',
    service: 'payments',
    message: 'card declined',
    context: { order: { id: 7 }, amount: 12.5 },
    trace_id: 'trace-002',
    span_id: 'span-002',
    user_id: 'a3b0c442-98fc-4c14-9afb-f4c8996fb924',
    request_id: 'request-002',
    correlation_id: 'correlation-002',
    tags: ['checkout', 'retry'],
    created_at: '2026-11-27T10:00:00.25+01:00',
  };

  test('come back as they were sent, by their own id and by every filter', async () => {
    const timestamp = new Date().toISOString();
    const { reply } = await post('/api/logs', JSON.stringify({ ...log, timestamp }));
    const expected = { ...log, timestamp, level: 'WARNING' };
    expect(await get(`/api/logs/${log.id}`)).toEqual(expected);
    expect(await get(`/api/logs/${encodeURIComponent(reply.ids[0] as string)}`)).toEqual(expected);
    for (const query of [
      'service=payments',
      'tag=retry',
      'correlation_id=correlation-002',
      'level=WARNING&trace=trace-002',
      'data.order.id=7&service=payments',
    ]) {
      expect([query, await get(`/api/logs?${query}`)]).toMatchObject([query, { logs: [expected], count: 1 }]);
    }
    expect(await get('/api/search?q=declined&tag=checkout')).toMatchObject({ logs: [expected] });
    expect(await get('/api/logs?service=payments&tag=other')).toMatchObject({ logs: [] });
    const { logs } = await readPage(gateway.url, '/logs?component=payments');
    expect(logs).toMatchObject([{ component: 'payments', user_id: log.user_id, data: { tags: log.tags } }]);
  });

  test('show entries of any origin', async () => {
    const entry = {
      method: 'GET',
      path: '/orders',
      status_code: 503,
      client_ip: '192.0.2.9',
      trace_id: 'trace-of-request',
    };
    await post('/logs', JSON.stringify(entry));
    expect(await get('/api/logs?trace=trace-of-request')).toMatchObject({
      logs: [
        {
          service: 'http',
          level: 'ERROR',
          tags: [],
          context: { method: 'GET', status_code: 503, client_ip: '192.0.2.9' },
        },
      ],
    });
    expect(await get('/api/logs/stats?hours=1')).toHaveProperty('requests.total');
  });

  test.each([
    [{ id: 'short' }, 'id'],
    [{ id: 7 }, 'id'],
    [{ level: 'loud' }, 'level'],
    [{ tags: 'a,b' }, 'tags'],
    [{ context: [] }, 'context'],
    [{ tags: ['a'], context: { tags: ['b'] } }, 'context.tags'],
    [{ timestamp: '2026-11-27 10:00' }, 'timestamp'],
  ])('with %j are refused, and %s named', async (body, field) => {
    expect(await post('/api/logs', JSON.stringify(body))).toMatchObject({
      status: 400,
      reply: { error: { code: 'invalid_entry', field } },
    });
  });

  test('are looked up by no two names at once', async () => {
    expect((await fetch(`${gateway.url}/api/logs?service=a&component=b`)).status).toBe(400);
    expect((await fetch(`${gateway.url}/api/logs/${randomUUID()}`)).status).toBe(404);
  });
});

/** What shippers send, as their documentation says: Fluent Bit 3 `out_http` (`json`, `json_lines`), Vector 0.4x `http` sink. */
describe('what shippers send', () => {
  const seconds = Math.floor(Date.now() / 1000);
  const fluentBit = [
    { date: seconds + 0.25, log: 'one\n', stream: 'stderr', kubernetes: { pod_name: 'web-1' } },
    { date: seconds + 0.5, log: 'two\n', stream: 'stdout', kubernetes: { pod_name: 'web-1' } },
  ];
  const vector = [
    {
      timestamp: `${new Date(seconds * 1000).toISOString().slice(0, 19)}.123456789Z`,
      message: 'three',
      host: 'web',
      source_type: 'file',
    },
    {
      timestamp: new Date(seconds * 1000 + 500).toISOString(),
      message: 'four',
      host: 'web',
      source_type: 'file',
    },
  ];
  const asLines = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).join('\n');

  test.each([
    ['Fluent Bit, json', '/logs', JSON.stringify(fluentBit), JSON_TYPE, ['one', 'two']],
    [
      'Fluent Bit, json_lines, gzip',
      '/logs',
      gzipSync(asLines(fluentBit)),
      { ...NDJSON, ...GZIP },
      ['one', 'two'],
    ],
    [
      'Fluent Bit, json_lines with json_date_key timestamp',
      '/api/logs',
      asLines(
        fluentBit.map(({ date, log, ...rest }) => ({
          timestamp: new Date(date * 1000).toISOString(),
          message: log,
          ...rest,
        })),
      ),
      NDJSON,
      ['one\n', 'two\n'],
    ],
    ['Vector, newline_delimited', '/logs', `${asLines(vector)}\n`, NDJSON, ['three', 'four']],
    [
      'Vector, array, gzip',
      '/logs',
      gzipSync(JSON.stringify(vector)),
      { ...JSON_TYPE, ...GZIP },
      ['three', 'four'],
    ],
    [
      'Vector, newline_delimited, gzip',
      '/api/logs',
      gzipSync(asLines(vector)),
      { ...NDJSON, ...GZIP },
      ['three', 'four'],
    ],
  ] as const)('%s at %s is stored with its time and text', async (_name, path, body, headers, messages) => {
    const { status, reply } = await post(path, body, headers);
    expect(status).toBe(200);
    const entries = await Promise.all(
      reply.ids.map(
        async (id) =>
          (
            (await get(`/logs/entry/${encodeURIComponent(id)}`)) as {
              entry: { message: string; timestamp: string; data: object };
            }
          ).entry,
      ),
    );
    expect(entries.map(({ message }) => message)).toEqual(messages);
    for (const { timestamp } of entries) expect(Math.floor(Date.parse(timestamp) / 1000)).toBe(seconds);
    expect(JSON.stringify(entries[0]?.data)).toMatch(/web/);
  });
});

describe('a request that is sent again', () => {
  const body = JSON.stringify(
    Array.from({ length: 600 }, (_, i) => ({ message: `m${i}`, component: 'retried' })),
  );
  const count = async (component: string) =>
    ((await get(`/logs?component=${component}&limit=1`)) as { total: number }).total;

  test('with its key is stored once, also while the first is on its way', async () => {
    const key = { ...JSON_TYPE, 'idempotency-key': randomUUID() };
    const answers = await Promise.all([1, 2, 3].map(() => post('/logs', body, key)));
    const [first] = answers;
    for (const answer of answers) expect(answer).toEqual(first);
    expect(first?.reply.ids).toHaveLength(600);
    expect(await count('retried')).toBe(600);
    const quoted = { ...JSON_TYPE, 'idempotency-key': `"${key['idempotency-key']}"` };
    expect(await post('/logs', body, quoted)).toEqual(first);
    expect(await count('retried')).toBe(600);
  });

  test('with its key and another body, or at another endpoint, is refused, and nothing of it stored', async () => {
    const key = { ...JSON_TYPE, 'idempotency-key': randomUUID() };
    await post('/logs', '[{"message":"a","component":"first-body"}]', key);
    for (const [path, other] of [
      ['/logs', '[{"message":"b","component":"other-body"}]'],
      ['/api/logs', '[{"message":"b","service":"other-body"}]'],
    ] as const) {
      expect(await post(path, other, key)).toMatchObject({
        status: 422,
        reply: { error: { code: 'idempotency_key_reused', field: 'idempotency-key' } },
      });
    }
    expect(await count('other-body')).toBe(0);
    expect(await count('first-body')).toBe(1);
  });

  test('whose body was refused may be mended and sent with the same key', async () => {
    const key = { ...JSON_TYPE, 'idempotency-key': randomUUID() };
    expect((await post('/logs', '{"level":"loud"}', key)).status).toBe(400);
    expect((await post('/logs', '{"level":"info","component":"mended"}', key)).status).toBe(200);
    expect(await count('mended')).toBe(1);
  });

  test('as lines with its key is stored once', async () => {
    const headers = { ...NDJSON, 'idempotency-key': randomUUID() };
    const lines = '{"msg":"a","name":"lines-twice"}\nnot json {\n{"msg":"b","name":"lines-twice"}\n';
    const first = await post('/logs', lines, headers);
    expect(await post('/logs', lines, headers)).toEqual(first);
    expect(first.reply.ids.filter((id) => id !== null)).toHaveLength(2);
  });

  test('in other parts is stored once where entries have ids of their own', async () => {
    const entries = Array.from({ length: 10 }, (_, i) => ({
      id: `${randomUUID()}-${i}`,
      message: 'm',
      component: 'owned',
    }));
    await post('/logs', JSON.stringify(entries.slice(0, 6)));
    await post('/logs', JSON.stringify(entries.slice(4)));
    await post('/api/logs', JSON.stringify(entries.map(({ id }) => ({ id, service: 'owned' }))));
    expect(await count('owned')).toBe(10);
    expect(await get(`/api/logs/${entries[9]?.id}`)).toMatchObject({ id: entries[9]?.id, service: 'owned' });
  });

  test.each(['', ' ', 'a b', 'x'.repeat(256), '"open', 'ü'])(
    'with %j for its key is refused',
    async (key) => {
      const response = await fetch(`${gateway.url}/logs`, {
        method: 'POST',
        body: '{}',
        headers: { ...JSON_TYPE, 'idempotency-key': key },
      });
      expect(response.status).toBe(400);
    },
  );
});

describe('hostile bodies at POST /api/logs', () => {
  const nested = (depth: number) => `{"context":${'{"a":'.repeat(depth)}1${'}'.repeat(depth + 1)}`;

  test.each<[string, () => Body, Record<string, string>, number]>([
    ['64 MB of zeros, zipped', () => gzipSync(Buffer.alloc(64 << 20)), { ...NDJSON, ...GZIP }, 413],
    ['line feeds', () => '\n'.repeat(1 << 20), NDJSON, 400],
    ['100,000 logs', () => '{}\n'.repeat(100_000), NDJSON, 400],
    ['nesting', () => nested(10_000), JSON_TYPE, 400],
    ['nesting in a line', () => `{}\n${nested(100)}\n`, NDJSON, 400],
    ['a line that is no JSON', () => '{"service":"half-stored"}\n{"service":', NDJSON, 400],
    ['a log of the wrong type among others', () => '[{"service":"half-stored"},{"level":7}]', JSON_TYPE, 400],
    [
      'names of prototypes',
      () => '{"__proto__":{"a":1},"constructor":2,"context":{"__proto__":{"b":1}}}',
      JSON_TYPE,
      200,
    ],
    ['100,000 tags', () => JSON.stringify({ tags: Array(100_000).fill('a') }), JSON_TYPE, 400],
    ['lines as text of a web page', () => '{"service":"a"}', { 'content-type': 'text/plain' }, 415],
    ['gzip that is cut', () => gzipSync('{}'.repeat(1000)).subarray(0, 20), { ...NDJSON, ...GZIP }, 400],
    ['nothing', () => '', NDJSON, 200],
  ])('%s', async (_name, body, headers, status) => {
    expect((await post('/api/logs', body(), headers)).status).toBe(status);
  });

  test('leave nothing half stored', async () => {
    expect(await get('/api/logs?service=half-stored')).toMatchObject({ logs: [] });
  });
});

testUnless(hasRedisServer ? undefined : 'there is no redis-server')(
  'a gateway that is killed while it stores loses and doubles nothing that is sent again with its key',
  async () => {
    let engine: RunningEngine | undefined;
    let running: GatewayProcess | undefined;
    try {
      engine = await startRedisServer();
      const settings = { REDIS_URL: engine.url };
      const entries = Array.from({ length: 1_000 }, (_, i) => ({ message: `m${i}`, component: 'killed' }));
      const body = JSON.stringify(entries);
      const rounds = 6;
      let cut = 0;
      for (let round = 0; round < rounds; round++) {
        running = await startGatewayProcess(settings);
        const headers = { ...JSON_TYPE, 'idempotency-key': `round-${round}` };
        const { url, pid } = running;
        const first = send(url, '/logs', body, headers).catch(() => undefined);
        await setTimeout(round * 12);
        process.kill(pid, 'SIGKILL');
        if ((await first) === undefined) cut += 1;
        running = await startGatewayProcess(settings);
        const again = await send(running.url, '/logs', body, headers);
        expect(again.status).toBe(200);
        expect(new Set(again.reply.ids).size).toBe(1_000);
        expect(await send(running.url, '/logs', body, headers)).toEqual(again);
        const page = await readPage(running.url, '/logs?component=killed&limit=1');
        expect(page.total).toBe(1_000 * (round + 1));
        await running.stop();
      }
      expect(cut).toBeGreaterThan(0);
    } finally {
      await running?.stop().catch(() => undefined);
      await engine?.stop();
    }
  },
  120_000,
);
