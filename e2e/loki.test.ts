import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { pinoLoki } from 'pino-loki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import winston from 'winston';
import LokiTransport from 'winston-loki';
import { readPage } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

const { compressSync } = createRequire(createRequire(import.meta.url).resolve('winston-loki'))('snappy') as {
  compressSync(bytes: Buffer): Buffer<ArrayBuffer>;
};
const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess({ NODE_OPTIONS: '--max-old-space-size=512' });
});
afterAll(() => gateway?.stop());

const push = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = JSON_TYPE) =>
  fetch(`${gateway.url}/loki/api/v1/push`, { method: 'POST', body, headers });
const ask = (path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/loki/api/v1/${path}?${new URLSearchParams(query)}`, { headers });
async function get<T = never>(path: string, query: Record<string, string> = {}, headers = {}): Promise<T> {
  const response = await ask(path, query, headers);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
const nanoseconds = (ms: number) => `${ms}000000`;
async function stored(component: string, count: number) {
  await expect
    .poll(async () => (await readPage(gateway.url, `/logs?component=${component}`)).count, {
      timeout: 15_000,
    })
    .toBe(count);
  return (await readPage(gateway.url, `/logs?component=${component}`)).logs;
}

describe('what clients of Loki push', () => {
  test.each([true, false])('winston-loki, json %s', async (json) => {
    const component = `winston-${json}`;
    const transport = new LokiTransport({
      host: gateway.url,
      json,
      labels: { service_name: component, env: 'prod' },
      interval: 1,
      format: winston.format.json(),
    });
    const logger = winston.createLogger({ level: 'debug', transports: [transport] });
    logger.warn('stock is "low"');
    logger.error({ message: 'no stock', labels: { shelf: '7' } });
    await setTimeout(50);
    await transport.flush();
    const logs = await stored(component, 2);
    const levels = Object.fromEntries(logs.map(({ level, message }) => [level, message]));
    expect(levels.WARNING).toContain('stock is');
    expect(levels.ERROR).toContain('no stock');
    expect(logs.map(({ data }) => data)).toContainEqual({ labels: { env: 'prod', shelf: '7' } });
  });

  test('pino-loki', async () => {
    const stream = pinoLoki({ host: gateway.url, labels: { service_name: 'pino-loki' }, batching: false });
    const logger = pino(stream);
    logger.warn({ order: 7 }, 'stock is low');
    stream.end();
    await once(stream, 'close');
    const [log] = await stored('pino-loki', 1);
    expect(log).toMatchObject({ level: 'WARNING', message: expect.stringContaining('stock is low') });
  });

  test('JSON with structured metadata, gzip, and lines of one millisecond in their order', async () => {
    const now = Date.now();
    const values = Array.from({ length: 20 }, (_, i) => [
      nanoseconds(now),
      `line ${i}`,
      { trace_id: 'a1', user: 'ann' },
    ]);
    const body = JSON.stringify({
      streams: [{ stream: { app: 'web', level: 'warn' }, values: [...values, ['1', 'old'], ['x', 'wrong']] }],
    });
    const response = await push(gzipSync(body), { ...JSON_TYPE, 'content-encoding': 'gzip' });
    expect(await response.json()).toMatchObject({
      accepted: 20,
      refused: 2,
      reason: expect.stringContaining('log record 21 of 22'),
    });
    const logs = await stored('web', 20);
    expect(logs.map(({ message }) => message)).toEqual(values.map(([, line]) => line));
    expect(logs[0]).toMatchObject({
      level: 'WARNING',
      trace_id: 'a1',
      data: { user: 'ann', labels: { app: 'web' } },
    });
  });
});

describe('hostile pushes', () => {
  const streams = (stream: object, values: unknown) => JSON.stringify({ streams: [{ stream, values }] });
  const labels = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`l${i}`, 'x']));
  const now = nanoseconds(Date.now());
  const varint = (value: number) => {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    return Buffer.from([...bytes, rest]);
  };

  test.each<[string, () => string | Buffer<ArrayBuffer>, Record<string, string>, number]>([
    ['100,000 labels', () => streams(labels, [[now, 'hostile']]), JSON_TYPE, 400],
    ['60,000 lines', () => streams({}, Array(60_000).fill([now, ''])), JSON_TYPE, 400],
    ['labels that are no texts', () => streams({ a: { b: 1 } }, [[now, 'hostile']]), JSON_TYPE, 400],
    ['no streams', () => '{"streams":7}', JSON_TYPE, 400],
    [
      'large labels of many lines',
      () => streams({ a: 'x'.repeat(4_000) }, Array(40_000).fill([now, ''])),
      JSON_TYPE,
      400,
    ],
    ['64 MB of zeros', () => compressSync(Buffer.alloc(64 << 20)), PROTOBUF, 400],
    ['a size of 4 GB', () => Buffer.concat([varint(0xffffffff), Buffer.from([0, 0])]), PROTOBUF, 400],
    [
      'a size that is not its own',
      () => Buffer.concat([varint(9 << 20), Buffer.from([0, 0])]),
      PROTOBUF,
      400,
    ],
    ['a copy of what is not there', () => Buffer.from([10, 0, 65, 1, 9]), PROTOBUF, 400],
    ['no Snappy', () => Buffer.from('{"streams":[]}'), PROTOBUF, 400],
    ['a message that is cut', () => compressSync(Buffer.from([10, 100, 1, 2])), PROTOBUF, 400],
    [
      'labels that are cut',
      () => compressSync(Buffer.concat([Buffer.from([10, 6, 10, 4]), Buffer.from('{a="')])),
      PROTOBUF,
      400,
    ],
    ['nothing', () => '', PROTOBUF, 400],
    ['text', () => 'a', { 'content-type': 'text/plain' }, 415],
  ])('%s', async (_name, body, headers, status) => {
    expect((await push(body(), headers)).status).toBe(status);
  });

  test('leave nothing half stored', async () => {
    expect((await readPage(gateway.url, '/logs?q=hostile')).logs).toEqual([]);
  });
});

/** As Grafana 12's data source (`public/app/plugins/datasource/loki`) and Logs Drilldown 1.x send them. */
describe('what Grafana asks', () => {
  const end = Math.floor(Date.now() / 60_000) * 60_000;
  const start = end - 600_000;
  const window = { start: nanoseconds(start), end: nanoseconds(end) };
  const flags = { 'x-loki-response-encoding-flags': 'categorize-labels' };
  type Result = {
    data: {
      result: {
        stream: Record<string, string>;
        metric: Record<string, string>;
        values: [string, string, object?][];
        value: [number, string];
      }[];
    };
  };

  beforeAll(async () => {
    const at = (minute: number, i = 0) => start + minute * 60_000 + i;
    const entries = [
      ...Array.from({ length: 30 }, (_, i) => ({
        timestamp: at(i % 10, i),
        component: 'checkout',
        message: `order ${i} paid`,
        data: { amount: i },
      })),
      ...Array.from({ length: 5 }, (_, i) => ({
        timestamp: at(3, i),
        component: 'checkout',
        level: 'ERROR',
        message: `card "declined" ${i}`,
      })),
      {
        timestamp: at(4),
        method: 'GET',
        path: '/cart',
        status_code: 503,
        response_time_ms: 900,
        client_ip: '192.0.2.4',
        proxy_hostname: 'shop.example',
      },
      ...Array.from({ length: 3 }, () => ({ timestamp: at(5), component: 'same', message: 'same ms' })),
    ];
    const response = await fetch(`${gateway.url}/logs`, {
      method: 'POST',
      body: JSON.stringify(entries),
      headers: JSON_TYPE,
    });
    expect(response.status).toBe(200);
    await push(
      JSON.stringify({
        streams: [
          { stream: { service_name: 'pushed', env: 'prod' }, values: [[nanoseconds(at(6)), 'from loki']] },
        ],
      }),
    );
  });

  const linesOf = async (query: string, more: Record<string, string> = {}) =>
    (await get<Result>('query_range', { ...window, query, limit: '1000', ...more })).data.result.flatMap(
      ({ values }) => values.map(([, line]) => line),
    );

  test('whether there is a Loki', async () => {
    expect(await get('query', { query: 'vector(1)+vector(1)', time: nanoseconds(end) })).toMatchObject({
      status: 'success',
      data: { resultType: 'vector', result: [{ value: [end / 1000, '2'] }] },
    });
    expect(await get('status/buildinfo')).toHaveProperty('version');
  });

  test.each<[string, number]>([
    ['{service_name="checkout"}', 35],
    ['{service_name="checkout"} |= ``', 35],
    ['{service_name="checkout"} |= "declined"', 5],
    ['{service_name="checkout"} |= `card "declined"`', 5],
    ['{service_name="checkout"} != "paid"', 5],
    ['{service_name="checkout"} |~ "(?i)DECLINED"', 5],
    ['{service_name="checkout"} | json | logfmt | drop __error__, __error_details__', 35],
    ['{service_name="checkout"} | detected_level="error"', 5],
    ['{service_name="checkout"} | detected_level="error" or detected_level="info"', 35],
    ['{service_name="checkout", level=~"error|warn"}', 5],
    ['{service_name=~"checkout|same"}', 38],
    ['{service_name=~".+", level!="info"}', 6],
    ['{service_name!="checkout", service_name!="same"}', 2],
    ['{service_name="checkout"} | amount >= 20', 10],
    ['{service_name="checkout"} | json | amount=`7`', 1],
    ['{env="prod"}', 1],
    ['{env=~"pr.*"}', 1],
    ['{env!=""}', 1],
    ['{service_name=`http`} | status_code >= 500 | method = "GET"', 1],
    ['{service_name="http"} | response_time_ms >= 900 and path="/cart"', 1],
    ['{service_name="none"}', 0],
  ])('lines of %s', async (query, count) => {
    expect(await linesOf(query)).toHaveLength(count);
  });

  test('lines newest first or oldest first, each with its metadata, in nanoseconds that do not repeat', async () => {
    const backward = await linesOf('{service_name="checkout"} |= "paid"', { limit: '3' });
    expect(backward).toEqual(['order 29 paid', 'order 19 paid', 'order 9 paid']);
    const forward = await linesOf('{service_name="checkout"} |= "paid"', {
      limit: '3',
      direction: 'forward',
    });
    expect(forward).toEqual(['order 0 paid', 'order 10 paid', 'order 20 paid']);
    const query = { ...window, query: '{service_name="same"}' };
    const [same] = (await get<Result>('query_range', query, flags)).data.result;
    const times = same?.values.map(([ns]) => ns) as string[];
    expect(new Set(times).size).toBe(3);
    const before = { ...query, end: times[0] as string };
    expect((await get<Result>('query_range', before)).data.result[0]?.values.map(([ns]) => ns)).toEqual(
      times.slice(1),
    );
    const from = { ...query, start: times[0] as string };
    expect((await get<Result>('query_range', from)).data.result[0]?.values.map(([ns]) => ns)).toEqual(
      times.slice(0, 1),
    );
    const found = await get<Result>('query_range', { ...window, query: '{service_name="http"}' }, flags);
    expect(found.data.result).toEqual([
      {
        stream: { service_name: 'http', level: 'error' },
        values: [
          [
            nanoseconds(start + 240_000),
            expect.any(String),
            {
              structuredMetadata: expect.objectContaining({
                status_code: '503',
                path: '/cart',
                detected_level: 'error',
              }),
            },
          ],
        ],
      },
    ]);
  });

  test('counts over time, as the logs volume and Drilldown count them', async () => {
    const query =
      'sum by (level, detected_level) (count_over_time({service_name="checkout"} | drop __error__ [1m]))';
    const { data } = await get<Result>('query_range', { ...window, query, step: '60000ms' });
    const error = data.result.find(({ metric }) => metric.level === 'error');
    expect(error?.metric).toEqual({ level: 'error', detected_level: 'error' });
    expect(error?.values.map(([time, count]) => [Number(time) * 1000 - start, count])).toEqual([
      [180_000, '1'],
      [240_000, '4'],
    ]);
    // A range counts what is after its start: the first of 35 is at it.
    const byService = await get<Result>('query_range', {
      ...window,
      query: 'sum(count_over_time({service_name=~".+"} [10m])) by (service_name)',
      step: '600',
    });
    const totals = Object.fromEntries(
      byService.data.result.map(({ metric, values }) => [metric.service_name, values.at(-1)?.[1]]),
    );
    expect(totals).toMatchObject({ checkout: '34', same: '3', http: '1', pushed: '1' });
    const top = await get<Result>('query', {
      time: nanoseconds(end),
      query: 'topk(1, sum by (service_name) (rate({service_name=~".+"} [10m])))',
    });
    expect(top.data.result).toEqual([
      { metric: { service_name: 'checkout' }, value: [end / 1000, String(34 / 600)] },
    ]);
  });

  test('labels, values, series, volumes, fields and patterns', async () => {
    const data = async (path: string, query = {}) =>
      (await get<{ data: never[] }>(path, { ...window, ...query })).data;
    expect(await data('labels')).toEqual(expect.arrayContaining(['service_name', 'level', 'env']));
    expect(await data('label/service_name/values')).toEqual(
      expect.arrayContaining(['checkout', 'http', 'pushed', 'same']),
    );
    expect(await data('label/env/values')).toEqual(['prod']);
    expect(await data('label/level/values', { query: '{service_name="checkout"}' })).toEqual([
      'error',
      'info',
    ]);
    expect(await data('series', { 'match[]': '{service_name="pushed"}' })).toEqual([
      { service_name: 'pushed', level: 'info', env: 'prod' },
    ]);
    expect(await get('index/stats', { ...window, query: '{service_name="checkout"}' })).toMatchObject({
      entries: 35,
    });
    expect(await data('index/volume', { query: '{service_name=~".+"}' })).toMatchObject({
      resultType: 'vector',
      result: expect.arrayContaining([{ metric: { service_name: 'checkout' }, value: [end / 1000, '35'] }]),
    });
    expect(
      await data('index/volume_range', {
        query: '{service_name="checkout"}',
        targetLabels: 'level',
        step: '600',
      }),
    ).toMatchObject({ resultType: 'matrix' });
    expect(await get('detected_labels', window)).toMatchObject({
      detectedLabels: expect.arrayContaining([{ label: 'env', cardinality: 1 }]),
    });
    expect(await get('detected_fields', { ...window, query: '{service_name="checkout"}' })).toMatchObject({
      fields: expect.arrayContaining([{ label: 'amount', type: 'int', cardinality: 30, parsers: null }]),
    });
    expect(await get('detected_field/status_code/values', window)).toMatchObject({ values: ['503'] });
    expect(await data('patterns', { query: '{service_name="checkout"}', step: '600' })).toMatchObject([
      { pattern: 'order <_> paid', level: 'info' },
      { pattern: 'card "declined" <_>', level: 'error' },
    ]);
  });

  test('a label that is none is refused', async () => {
    for (const name of ['!', 'a.b', 'é', 'x'.repeat(2_000)]) {
      const response = await ask(`label/${encodeURIComponent(name)}/values`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { field: 'name' } });
    }
  });

  test.each([
    ['{service_name="a"} | line_format "{{.x}}"', 'line_format'],
    ['{service_name="a"} | pattern "<a>"', 'pattern'],
    ['{service_name="a"} | label_format a=b', 'label_format'],
    ['sum(bytes_over_time({service_name="a"}[1m]))', 'bytes_over_time'],
    ['quantile_over_time(0.9, {service_name="a"} | unwrap x [1m])', 'quantile_over_time'],
    ['sum without (a) (rate({service_name="a"}[1m]))', 'without'],
    ['sum by (amount) (rate({service_name="a"}[1m]))', 'amount'],
    ['sum by (level, service_name) (rate({service_name="a"}[1m]))', 'by (level, service_name)'],
    ['{service_name=~"a[bc]"}', 'a[bc]'],
    ['{service_name="a"} |~ "a|b"', 'a|b'],
    ['{service_name="a"} |= "b" or "c"', 'or'],
    ['{level="loud"}', 'loud'],
    ['{a=', 'end of the query'],
    ['{a="b"} }', '}'],
    ['rate({service_name="a"}[1x])', '1x'],
    [`{a="${'x'.repeat(11_000)}"}`, 'too long'],
    ['{a="b"', 'end of the query'],
    ['\u0000', 'no LogQL'],
  ])('query %# is refused by name', async (query, named) => {
    const response = await ask('query_range', { ...window, query });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { field: string; message: string } };
    expect(error.field).toBe('query');
    expect(error.message).toContain(named);
  });

  test.each([
    [{ start: 'yesterday' }, 'start'],
    [{ start: '9', end: '3' }, 'start'],
    [{ limit: '5001' }, 'limit'],
    [{ step: '1ms', query: 'rate({a="b"}[1m])' }, 'step'],
    [{ end: '9'.repeat(30) }, 'end'],
  ])('%j is refused, and %s named', async (query, field) => {
    const response = await ask('query_range', { ...window, ...query });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { field } });
  });
});
