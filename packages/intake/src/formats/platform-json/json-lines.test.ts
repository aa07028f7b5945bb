import { describe, expect, test } from 'vitest';
import { Intake } from '../../intake.js';

const TIME = Date.parse('2024-01-15T10:30:45.123Z');

function parseLine(text: string | undefined) {
  const intake = new Intake();
  const outcomes = [...intake.push({ number: 1, text }), ...intake.end()];
  expect(outcomes).toHaveLength(1);
  return outcomes[0] as (typeof outcomes)[number];
}

function entryOf(record: unknown) {
  const result = parseLine(JSON.stringify(record));
  if ('refused' in result) throw new Error(result.refused.message);
  return Object.fromEntries(Object.entries(result.entry).filter(([, value]) => value !== undefined));
}

describe('parseLine, JSON', () => {
  test('reads back an entry the gateway replied, without its id', () => {
    const entry = {
      id: 'log:1705314645123:app:x',
      timestamp: '2024-01-15T10:30:45.123Z',
      kind: 'log',
      level: 'INFO',
      component: 'app',
      message: 'message 0',
      user_id: 'u1',
      data: { a: { b: [1] } },
      objects: ['vm-1'],
      error: { type: 'E', message: 'm', stack: 's', cause: { type: 'F', message: 'n' } },
    };
    const { id: _, timestamp: __, ...fields } = entry;
    expect(entryOf(entry)).toEqual({ ...fields, timestamp: TIME });
  });

  test('reads pino', () => {
    const line = {
      level: 50,
      time: TIME,
      pid: 7,
      hostname: 'box',
      name: 'api',
      reqId: 'r1',
      msg: 'no',
      err: { type: 'E', message: 'm', errno: 2 },
    };
    expect(entryOf(line)).toEqual({
      timestamp: TIME,
      level: 'ERROR',
      component: 'api',
      message: 'no',
      request_id: 'r1',
      error: { type: 'E', message: 'm' },
      data: { pid: 7, hostname: 'box', err: { errno: 2 } },
    });
  });

  test('reads pino-http', () => {
    const line = {
      level: 30,
      time: TIME,
      req: {
        id: 1,
        method: 'GET',
        url: '/a?b=1',
        headers: { host: 'api.example.com:8080', 'user-agent': 'curl/8' },
        remoteAddress: '::ffff:127.0.0.1',
        remotePort: 5,
      },
      res: { statusCode: 200 },
      responseTime: 12,
      msg: 'request completed',
    };
    expect(entryOf(line)).toEqual({
      timestamp: TIME,
      level: 'INFO',
      message: 'request completed',
      method: 'GET',
      path: '/a?b=1',
      client_ip: '127.0.0.1',
      proxy_hostname: 'api.example.com',
      status_code: 200,
      response_time_ms: 12,
      user_agent: 'curl/8',
      request_id: '1',
      data: { req: { remotePort: 5 } },
    });
  });

  test('reads winston', () => {
    const line = {
      level: 'warn',
      message: 'slow',
      timestamp: '2024-01-15 10:30:45,123',
      service: 'db',
      rows: 3,
    };
    expect(entryOf(line)).toEqual({
      timestamp: TIME,
      level: 'WARNING',
      component: 'db',
      message: 'slow',
      data: { rows: 3 },
    });
  });

  test("reads Python's structured logs", () => {
    const line = {
      timestamp: '2024-01-15T10:30:45.123Z',
      level: 'INFO',
      logger: 'failcore.core.executor',
      message: 'Tool execution started',
      run_id: 'run-001',
    };
    expect(entryOf(line)).toMatchObject({
      component: 'failcore.core.executor',
      level: 'INFO',
      data: { run_id: 'run-001' },
    });
  });

  test('reads Caddy, whose durations are seconds and headers lists', () => {
    const line = {
      level: 'info',
      ts: TIME / 1000,
      logger: 'http.log.access.log0',
      msg: 'handled request',
      request: {
        remote_ip: '10.0.0.1',
        client_ip: '10.0.0.2',
        proto: 'HTTP/2.0',
        method: 'GET',
        host: 'example.com',
        uri: '/x',
        headers: { 'User-Agent': ['curl/8'] },
      },
      user_id: '',
      duration: 0.0125,
      size: 10900,
      status: 200,
    };
    expect(entryOf(line)).toEqual({
      timestamp: TIME,
      level: 'INFO',
      component: 'http.log.access.log0',
      message: 'handled request',
      method: 'GET',
      path: '/x',
      client_ip: '10.0.0.2',
      proxy_hostname: 'example.com',
      status_code: 200,
      response_time_ms: 12.5,
      bytes_sent: 10900,
      user_agent: 'curl/8',
      data: { request: { remote_ip: '10.0.0.1', proto: 'HTTP/2.0' } },
    });
  });

  test('reads Traefik, whose durations are nanoseconds', () => {
    const line = {
      ClientAddr: '10.0.0.1:5000',
      RequestMethod: 'GET',
      RequestPath: '/x',
      RequestHost: 'example.com',
      DownstreamStatus: 404,
      Duration: 12_500_000,
      StartUTC: '2024-01-15T10:30:45.123Z',
    };
    expect(entryOf(line)).toEqual({
      timestamp: TIME,
      kind: 'request',
      method: 'GET',
      path: '/x',
      client_ip: '10.0.0.1',
      proxy_hostname: 'example.com',
      status_code: 404,
      response_time_ms: 12.5,
    });
  });

  test('reads nginx, whose variables are text', () => {
    const line = {
      time_iso8601: '2024-01-15T10:30:45+00:00',
      remote_addr: '10.0.0.1',
      remote_user: '-',
      request: 'POST /x HTTP/1.1',
      status: '502',
      request_time: '0.005',
      body_bytes_sent: '7',
      http_referer: '-',
      http_user_agent: 'x',
    };
    expect(entryOf(line)).toEqual({
      timestamp: Date.parse('2024-01-15T10:30:45Z'),
      method: 'POST',
      path: '/x',
      client_ip: '10.0.0.1',
      status_code: 502,
      response_time_ms: 5,
      bytes_sent: 7,
      user_agent: 'x',
      data: { protocol: 'HTTP/1.1' },
    });
  });

  test('reads an audit log', () => {
    const line = {
      timestamp: '2024-01-15T10:30:45.123Z',
      operation: 'vm_creation',
      operation_type: 'create',
      username: 'root@pam',
      status: 'failed',
      vm_id: 105,
      error: 'disk full',
      node: 'n1',
    };
    expect(entryOf(line)).toEqual({
      timestamp: TIME,
      kind: 'log',
      level: 'AUDIT',
      component: 'audit',
      event: 'vm_creation',
      message: 'vm_creation by root@pam: failed',
      user_id: 'root@pam',
      outcome: 'failure',
      objects: ['vm-105'],
      error: { type: 'Error', message: 'disk full' },
      data: { operation_type: 'create', node: 'n1' },
    });
  });

  test('keeps a partial audit outcome findable as a failure, and its word', () => {
    const line = {
      timestamp: '2024-01-15T10:30:45.123Z',
      operation: 'batch_clone',
      username: 'u',
      status: 'partial',
      error: null,
    };
    expect(entryOf(line)).toMatchObject({ outcome: 'failure', data: { status: 'partial' } });
  });

  test('moves what no entry may have to data', () => {
    const line = { time: TIME, method: 'M'.repeat(100), status: 999, client_ip: 'nobody', __proto__: null };
    expect(entryOf(line)).toEqual({
      timestamp: TIME,
      data: { status: 999, client_ip: 'nobody', method: 'M'.repeat(100) },
    });
  });

  test('imports a line without a time, and says so', () => {
    expect(parseLine('{"msg":"hello"}')).toMatchObject({
      entry: { message: 'hello' },
      repaired: [{ code: 'no_time' }],
    });
  });

  test('does not let a value of data hide another', () => {
    expect(entryOf({ time: TIME, data: { a: 1 }, a: 2 }).data).toEqual({ a: 2, data: { a: 1 } });
  });

  test.each([
    ['{"a":', 'invalid_json'],
    ['{"time":"yesterday"}', 'invalid_time'],
    ['{"logs":[],"next_cursor":null}', 'whole_reply'],
    [`{"time":1705314645123,"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'too_deep'],
    [undefined, 'line_too_long'],
  ])('refuses what is none, case %#', (line, code) => {
    expect(parseLine(line)).toMatchObject({ refused: { code } });
  });
});
