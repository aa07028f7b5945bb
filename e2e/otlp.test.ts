import { gzipSync } from 'node:zlib';
import { type Context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPage } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { startRefusingProxy } from './testing/refusing-proxy.js';
import { testUnless } from './testing/test-unless.js';

const SPAN: SpanContext = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  traceFlags: 1,
};

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway?.stop());

function provide(exporter: LogRecordExporter, attributes: Record<string, string> = {}): LoggerProvider {
  return new LoggerProvider({
    resource: resourceFromAttributes({ 'deployment.environment.name': 'test', ...attributes }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
}

const EXPORTERS = [
  ['http/json', JsonExporter, 'none'],
  ['http/json, gzip', JsonExporter, 'gzip'],
  ['http/protobuf', ProtobufExporter, 'none'],
  ['http/protobuf, gzip', ProtobufExporter, 'gzip'],
] as const;

describe.each(EXPORTERS)('what the OpenTelemetry SDK exports as %s', (name, Exporter, compression) => {
  const service = `shop ${name}`;

  beforeAll(async () => {
    const options = { url: `${gateway.url}/v1/logs`, compression } as ConstructorParameters<
      typeof Exporter
    >[0];
    const provider = provide(new Exporter(options), { 'service.name': service });
    const logger = provider.getLogger('checkout', '1.2.0');
    const context: Context = trace.setSpanContext(ROOT_CONTEXT, SPAN);
    logger.emit({
      severityNumber: SeverityNumber.WARN2,
      severityText: 'WARN',
      body: 'stock is low',
      context,
      eventName: 'stock.low',
      attributes: {
        'order.id': 7,
        'http.request.method': 'GET',
        'url.path': '/orders/7',
        'http.response.status_code': 503,
        nested: { list: [1, 'two', { three: true }], half: 0.5 },
        large: 9007199254740992,
      },
    });
    logger.emit({
      severityNumber: SeverityNumber.ERROR,
      body: { why: 'no connection', tries: 3 },
      exception: new TypeError('no such table'),
    });
    for (let i = 0; i < 900; i++) logger.emit({ severityNumber: SeverityNumber.DEBUG, body: `step ${i}` });
    await provider.shutdown();
  });

  test('is stored when the exporter says so: every record, in its order', async () => {
    const { logs } = await readPage(
      gateway.url,
      `/logs?limit=1000&level=DEBUG&component=${encodeURIComponent(service)}`,
    );
    expect(logs.map(({ message }) => message)).toEqual(Array.from({ length: 900 }, (_, i) => `step ${i}`));
  });

  test('has its resource, scope, severity, ids and nested attributes', async () => {
    const query = `component=${encodeURIComponent(service)}&trace=${SPAN.traceId}`;
    const { logs } = await readPage(gateway.url, `/logs?${query}`);
    expect(logs).toMatchObject([
      {
        level: 'WARNING',
        message: 'stock is low',
        component: service,
        event: 'stock.low',
        trace_id: SPAN.traceId,
        span_id: SPAN.spanId,
        method: 'GET',
        path: '/orders/7',
        status_code: 503,
        data: {
          resource: { 'deployment.environment.name': 'test' },
          scope: 'checkout',
          scope_version: '1.2.0',
          'order.id': 7,
          nested: { list: [1, 'two', { three: true }], half: 0.5 },
          large: '9007199254740992',
        },
      },
    ]);
  });

  test('has a body that is an object, and an exception as the error', async () => {
    const { logs } = await readPage(
      gateway.url,
      `/logs?level=ERROR&component=${encodeURIComponent(service)}&kind=log`,
    );
    expect(logs).toMatchObject([
      {
        error: { type: 'TypeError', message: 'no such table', stack: expect.stringContaining('otlp.test') },
        data: { body: { why: 'no connection', tries: 3 } },
      },
    ]);
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

function post(body: string | Buffer, headers: Record<string, string>): Promise<Response> {
  return fetch(`${gateway.url}/v1/logs`, { method: 'POST', headers, body });
}

const requestOf = (...logRecords: unknown[]) =>
  JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });

describe('the replies of POST /v1/logs', () => {
  test('say how many records are not stored, and why', async () => {
    const response = await post(
      requestOf({ timeUnixNano: '1000000', body: { stringValue: 'old' } }, 5, {
        body: { stringValue: 'kept' },
      }),
      JSON_TYPE,
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedLogRecords: '2',
        errorMessage: expect.stringMatching(/^log record 1 of 3: timestamp 1970-.* is older than/),
      },
    });
    expect((await readPage(gateway.url, '/logs?q=kept')).logs).toHaveLength(1);
  });

  test('say the same in protobuf', async () => {
    const record = Buffer.concat([Buffer.from([0x09]), Buffer.alloc(8, 1)]);
    const inField = (number: number, content: Buffer) =>
      Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
    const response = await post(inField(1, inField(2, inField(2, record))), PROTOBUF);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    const reply = Buffer.from(await response.arrayBuffer());
    expect([reply[0], reply[1], reply[2], reply[3]]).toEqual([0x0a, reply.length - 2, 0x08, 1]);
    expect(reply.toString()).toContain('log record 1 of 1: timestamp 1972');
  });

  test('are empty when all is stored', async () => {
    expect(await (await post('{}', JSON_TYPE)).json()).toEqual({});
    const response = await post(Buffer.alloc(0), PROTOBUF);
    expect({ status: response.status, bytes: (await response.arrayBuffer()).byteLength }).toEqual({
      status: 200,
      bytes: 0,
    });
  });

  test.each([
    ['no JSON', '{', JSON_TYPE, 400],
    ['a list that is none', '{"resourceLogs":[{"scopeLogs":{}}]}', JSON_TYPE, 400],
    ['another type', 'a', { 'content-type': 'text/plain' }, 415],
    ['a coding that is not known', 'a', { ...PROTOBUF, 'content-encoding': 'br' }, 415],
    ['what is no gzip', 'a', { ...PROTOBUF, 'content-encoding': 'gzip' }, 400],
    [
      'gzip cut short',
      gzipSync('{"resourceLogs":[]}').subarray(0, 25),
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      400,
    ],
    ['protobuf cut short', Buffer.from([0x0a, 9, 0x12]), PROTOBUF, 400],
  ])('refuse %s with a google.rpc.Status', async (_, body, headers: Record<string, string>, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    if (headers['content-type'] === PROTOBUF['content-type']) {
      const reply = Buffer.from(await response.arrayBuffer());
      expect([...reply.subarray(0, 3)]).toEqual([0x08, 3, 0x12]);
      expect(reply.length).toBe(4 + (reply[3] as number));
    } else
      expect(await response.json()).toEqual({
        code: 3,
        message: expect.stringMatching(/^the body |^content-/),
      });
  });
});

testUnless(hasRedisServer ? undefined : 'no redis-server on PATH')(
  'an exporter is told 503 with Retry-After while the store takes nothing, comes again, and all is stored once',
  async () => {
    const server = await startRedisServer();
    const proxy = await startRefusingProxy(server.url);
    const behind = await startGatewayProcess({ REDIS_URL: proxy.url });
    try {
      proxy.refusal = 'LOADING Redis is loading the dataset in memory';
      const refused = await fetch(`${behind.url}/v1/logs`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: requestOf({}),
      });
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('1');
      const provider = provide(new ProtobufExporter({ url: `${behind.url}/v1/logs` }), {
        'service.name': 'kept',
      });
      for (let i = 0; i < 100; i++) provider.getLogger('s').emit({ body: `record ${i}` });
      const before = proxy.refused;
      const done = provider.shutdown();
      await expect.poll(() => proxy.refused, { timeout: 20_000 }).toBeGreaterThan(before + 3);
      proxy.refusal = undefined;
      await done;
      const { logs } = await readPage(behind.url, '/logs?component=kept&limit=1000');
      expect(logs.map(({ message }) => message)).toEqual(
        Array.from({ length: 100 }, (_, i) => `record ${i}`),
      );
    } finally {
      await behind.stop();
      await proxy.close();
      await server.stop();
    }
  },
  60_000,
);
