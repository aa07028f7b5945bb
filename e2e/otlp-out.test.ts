import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readOtlpLogs } from '@tailrace/intake';
import { Logger } from '@tailrace/logger/internal';
import { type OtlpOptions, otlp } from '@tailrace/logger/otlp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readPage } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

const TRACE = '5b8efff798038103d269b633813fc60c';
const loggers: Logger[] = [];
const folders: string[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const logger of loggers.splice(0)) await logger.close(2_000);
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-otlp-'));
  folders.push(folder);
  return folder;
}

/** A logger that sends to a receiver alone, unless `redis` says otherwise. */
function open(
  url: string,
  options: Partial<OtlpOptions> & { spoolDir: string | false; redis?: string },
): Logger {
  const { spoolDir, redis, ...rest } = options;
  const logger = new Logger({
    spoolDir,
    flushIntervalMs: 10,
    level: 'TRACE',
    onError: () => {},
    ...(redis !== undefined && { redis }),
    sink: otlp({ url, instead: redis === undefined, ...rest }),
  });
  loggers.push(logger);
  return logger;
}

type Answer = (response: ServerResponse, messages: readonly string[], request: IncomingMessage) => boolean;

/** A receiver that reads every request, and takes it where its answer says so. */
async function receive(
  answer: Answer,
): Promise<{ readonly url: string; readonly taken: string[]; requests: number }> {
  const receiver = { url: '', taken: [] as string[], requests: 0 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const messages = [...readOtlpLogs(plain, 'protobuf', Date.now()).outcomes()].map((outcome) =>
      'entry' in outcome ? String(outcome.entry.message) : 'refused',
    );
    receiver.requests++;
    if (answer(response, messages, request)) receiver.taken.push(...messages);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  return receiver;
}

const take: Answer = (response) => {
  response.end();
  return true;
};

function refuse(status: number, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, headers).end('no');
    return false;
  };
}

function isAccounted(logger: Logger): boolean {
  const { accepted, written, pending, spooled, dropped } = logger.stats();
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return accepted === written + pending + spooled + lost;
}

describe("to a gateway's /v1/logs", () => {
  let gateway: GatewayProcess;
  beforeAll(async () => {
    gateway = await startGatewayProcess();
  });
  afterAll(() => gateway?.stop());

  test.each(['none', 'gzip'] as const)(
    'entries come as they were logged, with compression %s',
    async (compression) => {
      const component = `shop-${compression}`;
      const logger = open(`${gateway.url}/v1/logs`, { compression, spoolDir: false });
      logger.log('WARNING', 'stock is löw', {
        component,
        trace_id: TRACE,
        span_id: 'eee19b7ec3c1b174',
        user_id: 'u-1',
        data: { order: { id: 7, lines: [1, 'two', null, { three: 3.5 }] }, isPaid: true, big: 2 ** 60 },
      });
      logger.log('ERROR', 'it broke', { component, trace_id: 'not-of-w3c', error: new TypeError('of type') });
      logger.request(undefined, {
        component,
        method: 'GET',
        path: '/orders/7?full=1',
        route: '/orders/:id',
        client_ip: '192.0.2.7',
        proxy_hostname: 'shop.example',
        status_code: 404,
        response_time_ms: 12.5,
        bytes_sent: 512,
        user_agent: 'curl/8',
        session_id: 's-1',
        request_id: 'r-1',
      });
      logger.event('order.paid', { amount: 5 }, { component });
      logger.log('AUDIT', 'role granted', { component, outcome: 'success', objects: ['user:1'] });
      await logger.flush();
      expect(logger.stats()).toMatchObject({ accepted: 5, written: 5, pending: 0, spooled: 0, dropped: {} });
      const { logs } = await readPage(gateway.url, `/logs?component=${component}&hours=1`);
      expect(logs).toMatchObject([
        {
          level: 'WARNING',
          message: 'stock is löw',
          trace_id: TRACE,
          span_id: 'eee19b7ec3c1b174',
          user_id: 'u-1',
          data: { order: { id: 7, lines: [1, 'two', null, { three: 3.5 }] }, isPaid: true, big: 2 ** 60 },
        },
        {
          level: 'ERROR',
          message: 'it broke',
          trace_id: 'not-of-w3c',
          error: { type: 'TypeError', message: 'of type', stack: expect.stringContaining('otlp-out.test') },
        },
        {
          kind: 'request',
          method: 'GET',
          path: '/orders/7?full=1',
          route: '/orders/:id',
          client_ip: '192.0.2.7',
          proxy_hostname: 'shop.example',
          status_code: 404,
          response_time_ms: 12.5,
          bytes_sent: 512,
          user_agent: 'curl/8',
          session_id: 's-1',
          request_id: 'r-1',
        },
        { event: 'order.paid', data: { amount: 5 } },
        {
          message: 'role granted',
          outcome: 'success',
          objects: ['user:1'],
          data: { severity_text: 'AUDIT' },
        },
      ]);
    },
  );

  test('with a service of its own, the component is the scope', async () => {
    const logger = open(`${gateway.url}/v1/logs`, {
      spoolDir: false,
      resource: { 'service.name': 'orders', 'service.version': '1.2', 'deployment.environment.name': 'test' },
    });
    logger.log('INFO', 'a', { component: 'db' });
    logger.log('INFO', 'b', { component: 'http.client' });
    await logger.flush();
    const { logs } = await readPage(gateway.url, '/logs?component=orders&hours=1');
    const resource = { 'service.version': '1.2', 'deployment.environment.name': 'test' };
    expect(logs).toMatchObject([
      { message: 'a', data: { scope: 'db', resource } },
      { message: 'b', data: { scope: 'http.client', resource } },
    ]);
  });

  test('what is logged goes to Redis as well, and each has an account of its own', async () => {
    const redis = /redis:\/\/\S+/.exec(gateway.banner)?.[0] as string;
    const away = 'http://127.0.0.1:1/v1/logs';
    const logger = open(away, { spoolDir: await newFolder(), redis });
    for (let i = 0; i < 700; i++) logger.log('INFO', `both ${i}`, { component: 'twin' });
    await expect
      .poll(() => logger.stats(), { timeout: 30_000 })
      .toMatchObject({
        accepted: 700,
        written: 700,
        spooled: 0,
        sink: { accepted: 700, written: 0, spooled: 700, pending: 0 },
      });
    expect((await logger.close(500)).complete).toBe(false);
    const { logs } = await readPage(gateway.url, '/logs?component=twin&hours=1&limit=1000');
    expect(logs.map(({ message }) => message)).toEqual(Array.from({ length: 700 }, (_, i) => `both ${i}`));
  });
});

test('a receiver that is busy, refuses a token, is late or cuts the line loses nothing, and what it took is not sent again', async () => {
  const late: ServerResponse[] = [];
  const troubles: Answer[] = [
    refuse(503, { 'retry-after': '0' }),
    refuse(429, { 'retry-after': '1' }),
    refuse(401),
    refuse(404),
    refuse(500),
    refuse(307, { location: 'http://127.0.0.1:1/' }),
    (response) => {
      response.destroy();
      return false;
    },
    (response) => {
      // It takes longer than a batch is waited for.
      late.push(response);
      setTimeout(() => response.end(), 2_500);
      return true;
    },
  ];
  const receiver = await receive((...parts) => (troubles.shift() ?? take)(...parts));
  const logger = open(receiver.url, { spoolDir: await newFolder() });
  const expected: string[] = [];
  for (let i = 0; i < 1_500; i++) {
    expected.push(`m${i}`);
    logger.log('INFO', `m${i}`);
    if (i % 100 === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(isAccounted(logger)).toBe(true);
    }
  }
  await expect.poll(() => logger.stats().written, { timeout: 60_000 }).toBe(1_500);
  expect(logger.stats()).toMatchObject({ accepted: 1_500, pending: 0, spooled: 0, dropped: {} });
  expect(late).toHaveLength(1);
  expect(receiver.taken).toEqual(expected);
});

test('what a receiver rejects is counted; a body too large for it is sent in parts', async () => {
  const receiver = await receive((response, messages) => {
    if (messages.length > 10) return refuse(413)(response, messages, {} as IncomingMessage);
    if (messages.includes('bad')) return refuse(400)(response, messages, {} as IncomingMessage);
    const message = 'too old';
    const rejected = messages.filter((text) => text.startsWith('old')).length;
    // ExportLogsServiceResponse: partial_success, with rejected_log_records and error_message.
    const partial = Buffer.concat([Buffer.from([8, rejected, 18, message.length]), Buffer.from(message)]);
    response.end(rejected === 0 ? '' : Buffer.concat([Buffer.from([10, partial.length]), partial]));
    return true;
  });
  const logger = open(receiver.url, { spoolDir: false });
  for (let i = 0; i < 40; i++) logger.log('INFO', i % 8 === 0 ? `old ${i}` : `m${i}`);
  await logger.flush();
  expect(logger.stats()).toMatchObject({ accepted: 40, written: 35, dropped: { rejected: 5 } });
  logger.log('INFO', 'bad');
  await logger.flush();
  expect(isAccounted(logger)).toBe(true);
  // With the notice of the five, which may be in the same request.
  expect(logger.stats().dropped.rejected).toBeGreaterThan(5);
  expect(receiver.taken.filter((text) => text.startsWith('m'))).toHaveLength(35);
});

test('a receiver that is away until the process ends has it all from the next one', async () => {
  const spoolDir = await newFolder();
  let isAway = true;
  const receiver = await receive((...parts) => (isAway ? refuse(503) : take)(...parts));
  const first = open(receiver.url, { spoolDir });
  for (let i = 0; i < 300; i++) first.log('INFO', `m${i}`);
  expect(await first.close(300)).toMatchObject({ complete: false, spooled: 300, written: 0, pending: 0 });
  isAway = false;
  const other = await receive(take);
  const elsewhere = open(other.url, { spoolDir });
  elsewhere.log('INFO', 'mine');
  await elsewhere.flush();
  const next = open(receiver.url, { spoolDir });
  await expect.poll(() => next.stats().recovered, { timeout: 30_000 }).toBe(300);
  expect(receiver.taken).toEqual(Array.from({ length: 300 }, (_, i) => `m${i}`));
  expect(other.taken).toEqual(['mine']);
});

test('a receiver that answers garbage, without end or with huge headers costs no entry and no memory', async () => {
  const answers: Answer[] = [
    (response) => {
      response.end(Buffer.from('0affffffffffffffffff01', 'hex'));
      return true;
    },
    (response) => {
      response.end('{"partialSuccess":{"rejectedLogRecords":"-5"}');
      return true;
    },
    (response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
      return true;
    },
    (response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`);
      return false;
    },
    (response) => {
      response.socket?.end('220 smtp.example ESMTP\r\n');
      return false;
    },
  ];
  const receiver = await receive((...parts) => (answers.shift() ?? take)(...parts));
  const logger = open(receiver.url, { spoolDir: await newFolder(), timeoutMs: 2_000 });
  for (let i = 0; i < 8; i++) {
    logger.log('INFO', `m${i}`);
    await logger.flush();
  }
  await expect.poll(() => logger.stats(), { timeout: 30_000 }).toMatchObject({ written: 8, dropped: {} });
  expect(receiver.taken).toEqual(Array.from({ length: 8 }, (_, i) => `m${i}`));
});

test.each([
  [{ url: 'redis://127.0.0.1' }, 'otlp.url'],
  [{ url: 'http://u:secret@' }, 'otlp.url'],
  [{ url: 'http://a/', timeoutMs: 0 }, 'otlp.timeoutMs is 0'],
  [{ url: 'http://a/', headers: { a: 'b\r\nc: d' } }, 'otlp.headers'],
  [{ url: 'http://a/', compression: 'zstd' }, 'otlp.compression is zstd; allowed: none, gzip'],
  [{ url: 'http://a/', resource: { a: {} } }, 'otlp.resource.a'],
  [{ url: 'http://a/', endpoint: 'x' }, 'otlp.endpoint is no option'],
])('%j is refused by name', (options, message) => {
  expect(() => otlp(options as unknown as OtlpOptions)).toThrow(message);
  expect(() => otlp(options as unknown as OtlpOptions)).not.toThrow('secret');
});
