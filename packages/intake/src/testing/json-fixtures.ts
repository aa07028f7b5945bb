import type { Fixture } from './fixtures.js';

const T = Date.parse('2026-03-04T05:06:07Z');
const ISO = '2026-03-04T05:06:07Z';
const json = (
  format: string,
  title: string,
  records: readonly unknown[],
  expected: Fixture['expected'],
): Fixture => ({
  format,
  title,
  text: records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join('\n'),
  expected,
});

/** Formats that are JSON. */
export const JSON_FIXTURES: readonly Fixture[] = [
  json(
    'json',
    'a cut line between whole ones, several objects in a line, a list over lines, what is no time',
    [
      `{"time":"${ISO}","msg":"a"}{"time":"${ISO}","msg":"b"}`,
      '{"time":"2026-03-04T05:06:07Z","msg":',
      `{"time":"${ISO}","msg":"c","method":"check","ip":"192.0.2.1"}`,
      '[',
      `{"time":"${ISO}",`,
      '"msg":"d"},',
      `{"time":"${ISO}","msg":"e"}]`,
      { time: 'yesterday' },
      { time: ISO, user: { id: 7 }, trace_id: 'x', http: 1 },
    ],
    [
      { timestamp: T, message: 'a' },
      { message: 'b' },
      { code: 'invalid_json' },
      { message: 'c' },
      { message: 'd' },
      { message: 'e' },
      { code: 'invalid_time' },
      { user_id: '7', trace_id: 'x' },
    ],
  ),
  json(
    'otlp-json',
    'values of every kind, a severity by its name, ids of zeros; a bad record does not cost the others',
    [
      {
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  {
                    timeUnixNano: String(T * 1e6),
                    severityNumber: 'SEVERITY_NUMBER_WARN2',
                    traceId: '0'.repeat(32),
                    body: {
                      kvlistValue: { values: [{ key: 'a', value: { intValue: '9007199254740993' } }] },
                    },
                    attributes: [
                      { key: 'n', value: { arrayValue: { values: [{ boolValue: true }, { intValue: 5 }] } } },
                    ],
                  },
                  5,
                  {
                    observedTimeUnixNano: T * 1e6,
                    severityText: 'fatal',
                    body: { stringValue: 'x' },
                    eventName: 'e',
                  },
                ],
              },
            ],
          },
        ],
      },
      { resourceSpans: [] },
    ],
    [
      { timestamp: T, level: 'WARNING', data: { n: [true, 5], body: { a: '9007199254740993' } } },
      { code: 'malformed' },
      { timestamp: T, level: 'CRITICAL', message: 'x', event: 'e' },
      { code: 'not_logs' },
    ],
  ),
  json(
    'k8s-audit',
    'of several addresses the last is the peer; a list of events',
    [
      {
        kind: 'EventList',
        apiVersion: 'audit.k8s.io/v1',
        items: [
          {
            level: 'Metadata',
            verb: 'get',
            stage: 'ResponseComplete',
            requestURI: '/x',
            sourceIPs: ['203.0.113.9', '192.0.2.1'],
            user: { username: 'amy' },
            responseStatus: { code: 200 },
            stageTimestamp: ISO,
          },
        ],
      },
    ],
    [
      {
        timestamp: T,
        level: 'AUDIT',
        kind: 'log',
        client_ip: '192.0.2.1',
        user_id: 'amy',
        path: '/x',
        status_code: 200,
        outcome: 'success',
      },
    ],
  ),
  json(
    'journald-json',
    'a message that came twice, none, and a priority that is missing',
    [
      { __REALTIME_TIMESTAMP: String(T * 1000), MESSAGE: ['a', 'b'], _SYSTEMD_UNIT: 'x.service', _UID: '0' },
      { __REALTIME_TIMESTAMP: String(T * 1000), MESSAGE: null, PRIORITY: '2', _COMM: 'y' },
    ],
    [
      { timestamp: T, kind: 'log', component: 'x.service', message: 'a\nb' },
      { level: 'CRITICAL', component: 'y' },
    ],
  ),
  json(
    'mongodb',
    'levels and a component of none',
    [{ t: { $date: ISO }, s: 'D', c: '-', id: 1, ctx: 'main', msg: 'm', attr: { remote: '192.0.2.1:5' } }],
    [{ timestamp: T, level: 'DEBUG', message: 'm' }],
  ),
  json(
    'serilog-compact',
    'a template with values, an escaped name, a request of ASP.NET',
    [
      { '@t': ISO, '@mt': 'Hello {Name}, {{x}} {N:000} {None}', Name: 'amy', N: 5, '@@at': 1 },
      { '@t': ISO, '@mt': 'HTTP', RequestMethod: 'GET', RequestPath: '/a', StatusCode: 200, Elapsed: 5.5 },
    ],
    [
      { level: 'INFO', message: 'Hello amy, {x} 5 {None}' },
      { method: 'GET', path: '/a', status_code: 200, response_time_ms: 5.5 },
    ],
  ),
  json(
    'gelf',
    'a level that is missing is ALERT; fields of the sender',
    [{ version: '1.1', host: 'h', short_message: 'm', timestamp: T / 1000, _user_id: 'amy', _level: 'x' }],
    [{ timestamp: T, level: 'CRITICAL', message: 'm', user_id: 'amy' }],
  ),
  json(
    'gcp-logentry',
    'seconds and nanoseconds, a relative URL, IPv6 with a port',
    [
      {
        severity: 'DEFAULT',
        message: 'm',
        timestampSeconds: T / 1000,
        timestampNanos: 5e6,
        'logging.googleapis.com/trace': 'projects/p/traces/t1',
      },
      {
        insertId: 'i',
        timestamp: ISO,
        logName: 'l',
        httpRequest: {
          requestMethod: 'GET',
          requestUrl: '/a',
          status: 200,
          remoteIp: '[2001:db8::1]:5',
          latency: { seconds: 1, nanos: 5e8 },
        },
      },
    ],
    [
      { timestamp: T + 5, message: 'm', trace_id: 't1' },
      { client_ip: '2001:db8::1', method: 'GET', path: '/a', status_code: 200, response_time_ms: 1500 },
    ],
  ),
  json(
    'cloudflare-http',
    'a path without its query, a status of nobody',
    [
      {
        ClientIP: '2001:db8::1',
        ClientRequestMethod: 'GET',
        ClientRequestPath: '/a',
        EdgeStartTimestamp: T / 1000,
        EdgeResponseStatus: 0,
        RayID: 'r',
      },
    ],
    [{ timestamp: T, client_ip: '2001:db8::1', method: 'GET', path: '/a', request_id: 'r' }],
  ),
  json(
    'traefik-json',
    'no StartUTC; a client that is named',
    [
      {
        ClientAddr: '192.0.2.1:5',
        RequestMethod: 'GET',
        RequestPath: '/a',
        RequestHost: 'h.example.com',
        DownstreamStatus: 200,
        Duration: 1_500_000,
        time: ISO,
        level: 'info',
        ClientUsername: 'amy',
      },
    ],
    [
      {
        timestamp: T,
        client_ip: '192.0.2.1',
        user_id: 'amy',
        method: 'GET',
        status_code: 200,
        response_time_ms: 1.5,
        proxy_hostname: 'h.example.com',
      },
    ],
  ),
  json(
    'caddy',
    'times and durations of other encoders',
    [
      {
        level: 'info',
        ts: '2026/03/04 05:06:07.000',
        logger: 'http.log.access',
        msg: 'handled request',
        request: { remote_ip: '192.0.2.1', method: 'GET', uri: '/a', host: 'h.example.com:81', headers: {} },
        duration: '1.5ms',
        size: 5,
        status: 200,
      },
    ],
    [
      {
        timestamp: T,
        client_ip: '192.0.2.1',
        method: 'GET',
        status_code: 200,
        response_time_ms: 1.5,
        proxy_hostname: 'h.example.com',
      },
    ],
  ),
  json(
    'nginx-json',
    'escapes that JSON does not know; the catch-all server; several upstreams',
    [
      `{"time_local":"04/Mar/2026:05:06:07 +0000","remote_addr":"192.0.2.1","request":"GET /\\xC3\\xA4 HTTP/1.1","status":"000","server_name":"_","request_time":"0.5","http_user_agent":"a\\x22b"}`,
    ],
    [
      {
        timestamp: T,
        client_ip: '192.0.2.1',
        method: 'GET',
        path: '/ä',
        response_time_ms: 500,
        user_agent: 'a"b',
      },
    ],
  ),
  json(
    'envoy-json',
    'only a forwarded list',
    [
      {
        start_time: ISO,
        method: 'GET',
        path: '/a',
        response_code: '200',
        response_flags: '-',
        duration: '5',
        'x-forwarded-for': '203.0.113.1,192.0.2.1',
      },
    ],
    [{ timestamp: T, client_ip: '203.0.113.1', method: 'GET', status_code: 200, response_time_ms: 5 }],
  ),
  json(
    'keycloak-json',
    'a stack trace as text',
    [
      {
        timestamp: ISO,
        sequence: 1,
        loggerClassName: 'x',
        loggerName: 'a.B',
        level: 'ERROR',
        message: 'm',
        stackTrace: ': java.lang.Error: e\n\tat a.B',
      },
    ],
    [{ timestamp: T, level: 'ERROR', component: 'a.B', message: 'm' }],
  ),
  json(
    'keycloak-events',
    'an admin event',
    [
      {
        time: T,
        realmId: 'r',
        authDetails: { clientId: 'c', userId: 'u', ipAddress: '192.0.2.1' },
        operationType: 'CREATE',
        resourceType: 'USER',
        resourcePath: 'users/1',
      },
    ],
    [
      {
        timestamp: T,
        event: 'CREATE',
        outcome: 'success',
        client_id: 'c',
        user_id: 'u',
        client_ip: '192.0.2.1',
      },
    ],
  ),
  json(
    'log4j2-json',
    'a list of frames; the method is of Java',
    [
      {
        timeMillis: T,
        level: 'WARN',
        loggerName: 'a.B',
        message: 'm',
        thrown: {
          name: 'a.E',
          message: 'x',
          extendedStackTrace: [{ class: 'a.B', method: 'c', file: 'B.java', line: 5 }],
        },
        method: 'GET',
      },
    ],
    [
      {
        timestamp: T,
        level: 'WARNING',
        component: 'a.B',
        error: { type: 'a.E', message: 'x', stack: '    at a.B.c(B.java:5)' },
      },
    ],
  ),
  json(
    'ecs',
    'a full URL, a duration, an address that is a name',
    [
      {
        '@timestamp': ISO,
        'log.level': 'warning',
        'ecs.version': '8',
        url: { full: 'https://h.example.com:1/a?b' },
        'http.request.method': 'get',
        source: { address: 'x.example.com' },
        'event.duration': 5e6,
      },
    ],
    [
      {
        timestamp: T,
        level: 'WARNING',
        method: 'GET',
        path: '/a?b',
        proxy_hostname: 'h.example.com',
        response_time_ms: 5,
      },
    ],
  ),
  json(
    'rust-tracing',
    'a span has an id of its own',
    [
      {
        timestamp: ISO,
        level: 'INFO',
        fields: { message: 'm', 'log.target': 'a::b' },
        target: 'log',
        span: { id: 5, name: 's' },
      },
    ],
    [{ timestamp: T, component: 'a::b', message: 'm' }],
  ),
  json(
    'python-json',
    'chained exceptions, a message over lines',
    [
      {
        asctime: '2026-03-04 05:06:07,000',
        levelname: 'ERROR',
        name: 'a',
        message: 'm',
        exc_info:
          'Traceback (most recent call last):\n  File "a"\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b"\na.b.MyError: one\ntwo',
      },
    ],
    [{ timestamp: T, level: 'ERROR', component: 'a', error: pythonError('a.b.MyError', 'one\ntwo') }],
  ),
  json(
    'audit-log',
    'a machine as text',
    [{ timestamp: ISO, operation: 'vm_start', username: 'amy', status: 'ok', vm_id: '105' }],
    [
      {
        timestamp: T,
        level: 'AUDIT',
        event: 'vm_start',
        user_id: 'amy',
        outcome: 'success',
        objects: ['vm-105'],
      },
    ],
  ),
  json(
    'failcore-trace',
    'an object as event',
    [{ ts: ISO, event: { type: 'STEP_END', data: { result: { status: 'FAIL' } } }, run: { run_id: 'r' } }],
    [{ timestamp: T, event: 'STEP_END', outcome: 'failure' }],
  ),
  json(
    'bunyan',
    'a level between the tens',
    [
      {
        v: 0,
        name: 'a',
        hostname: 'h',
        pid: 1,
        level: 35,
        msg: 'm',
        time: ISO,
        client_req: { method: 'GET', url: '/x' },
      },
    ],
    [{ timestamp: T, level: 'INFO', component: 'a', message: 'm' }],
  ),
  json(
    'pino',
    'an outgoing status is no response; Fastify',
    [
      {
        level: 30,
        time: T,
        pid: 1,
        hostname: 'h',
        reqId: 'r',
        req: { method: 'GET', url: 'http://h.example.com/a', remoteAddress: '192.0.2.1' },
        err: { type: 'E', message: 'm', statusCode: 500 },
        msg: 'm',
      },
    ],
    [
      {
        timestamp: T,
        level: 'INFO',
        client_ip: '192.0.2.1',
        method: 'GET',
        path: '/a',
        request_id: 'r',
        error: { type: 'E', message: 'm' },
      },
    ],
  ),
  json(
    'winston',
    'http is below info',
    [{ level: 'http', message: 'm', timestamp: ISO }],
    [{ timestamp: T, level: 'INFO', message: 'm' }],
  ),
];

function pythonError(type: string, message: string) {
  return {
    type,
    message,
    stack:
      'Traceback (most recent call last):\n  File "a"\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b"\na.b.MyError: one\ntwo',
  };
}
