import type { Fixture } from './fixtures.js';

const T = Date.parse('2026-03-04T05:06:07Z');
const CLF = '[04/Mar/2026:05:06:07 +0000] "GET /a?b=1 HTTP/1.1" 200 12';
const REQUEST = { timestamp: T, method: 'GET', path: '/a?b=1', status_code: 200, bytes_sent: 12 };
const clf = (title: string, text: string, ...expected: Fixture['expected']): Fixture => ({
  format: 'clf',
  title,
  text,
  expected,
});

/** Formats that are text. */
export const TEXT_FIXTURES: readonly Fixture[] = [
  clf('Common Log Format', `192.0.2.1 - - ${CLF}`, { ...REQUEST, client_ip: '192.0.2.1' }),
  clf(
    'a virtual host with a port, behind it a forwarded list',
    `shop.example.com:443 203.0.113.1, 198.51.100.2 - amy ${CLF}`,
    {
      ...REQUEST,
      proxy_hostname: 'shop.example.com',
      client_ip: '203.0.113.1',
      user_id: 'amy',
    },
  ),
  clf('a forwarded list, then the peer', `203.0.113.1, 198.51.100.2 192.0.2.1 - - ${CLF}`, {
    ...REQUEST,
    client_ip: '192.0.2.1',
    data: { protocol: 'HTTP/1.1', forwarded: '203.0.113.1, 198.51.100.2' },
  }),
  clf('a forwarded list without spaces', `203.0.113.1,198.51.100.2 - - ${CLF}`, {
    ...REQUEST,
    client_ip: '203.0.113.1',
  }),
  clf('a list that begins with no address', `unknown, 198.51.100.2 - - ${CLF}`, REQUEST),
  clf('one forwarded address, then the peer', `203.0.113.1 192.0.2.1 - - ${CLF}`, {
    ...REQUEST,
    client_ip: '192.0.2.1',
  }),
  clf('a socket of nginx', `unix: - - ${CLF}`, REQUEST),
  clf('what nobody knows before the client', `[app] 192.0.2.1 - - ${CLF}`, { code: 'unknown_client' }),
  clf('a word before the client', `INFO 192.0.2.1 - - ${CLF}`, { code: 'unknown_client' }),
  clf('a date before the client', `2026-03-04 192.0.2.1 - - ${CLF}`, { code: 'unknown_client' }),
  clf('a number before the client', `17 192.0.2.1 - - ${CLF}`, { code: 'unknown_client' }),
  clf('two addresses, one of them in the place of the ident', `192.0.2.1 192.0.2.2 - ${CLF}`, {
    code: 'unknown_client',
  }),
  clf('a user with a space', `192.0.2.1 - Jane Doe ${CLF}`, {
    ...REQUEST,
    client_ip: '192.0.2.1',
    user_id: 'Jane Doe',
  }),
  clf('a virtual host without a port, and no client', `shop.example.com - - - ${CLF}`, {
    ...REQUEST,
    proxy_hostname: 'shop.example.com',
  }),
  clf(
    'a list in quotes, and one before the peer',
    `"203.0.113.1, 198.51.100.2" - - ${CLF}\n"-" 192.0.2.1 - - ${CLF}`,
    {
      ...REQUEST,
      client_ip: '203.0.113.1',
    },
    { ...REQUEST, client_ip: '192.0.2.1' },
  ),
  clf('a duration with its unit', `192.0.2.1 - - ${CLF} "-" "A" 12ms`, {
    ...REQUEST,
    client_ip: '192.0.2.1',
    response_time_ms: 12,
  }),
  clf('a virtual host and no client', `shop.example.com:443 - - - ${CLF}`, {
    ...REQUEST,
    proxy_hostname: 'shop.example.com',
  }),
  clf(
    'a full URL as the target',
    '192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET http://User@Shop.example.com:8080/x?y HTTP/1.1" 200 1',
    {
      client_ip: '192.0.2.1',
      method: 'GET',
      path: '/x?y',
      proxy_hostname: 'shop.example.com',
      status_code: 200,
    },
  ),
  clf('combinedio: two numbers are no duration', `192.0.2.1 - - ${CLF} "-" "Agent/1" 512 4096`, {
    ...REQUEST,
    client_ip: '192.0.2.1',
    user_agent: 'Agent/1',
  }),
  clf(
    'the log of ingress-nginx',
    `192.0.2.1 - - ${CLF} "-" "Agent/1" 415 0.005 [shop-web-80] [] 198.51.100.3:80 12 0.004 200 abc123`,
    { ...REQUEST, client_ip: '192.0.2.1', user_agent: 'Agent/1', response_time_ms: 5 },
  ),
  clf('a status of nobody', '192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 000 0 "-" "-"', {
    client_ip: '192.0.2.1',
    method: 'GET',
    path: '/',
  }),
  clf('bare quotes in user agent and referrer', `192.0.2.1 - - ${CLF} "http://x/?q="a"" "Bot "x" y" 0.5`, {
    ...REQUEST,
    client_ip: '192.0.2.1',
    referrer: 'http://x/?q="a"',
    user_agent: 'Bot "x" y',
    response_time_ms: 500,
  }),
  {
    format: 'clf',
    title: 'a time without an offset, in a zone',
    text: '192.0.2.1 - - [04/Mar/2026:05:06:07] "GET / HTTP/1.1" 200 1',
    options: { timeZone: 'America/New_York' },
    expected: [
      {
        timestamp: Date.parse('2026-03-04T10:06:07Z'),
        client_ip: '192.0.2.1',
        method: 'GET',
        status_code: 200,
      },
    ],
  },
  {
    format: 'traefik-clf',
    title: 'a line, and one with a quote in its user agent',
    text: `192.0.2.1 - - ${CLF} "-" "A" 7 "web@docker" "http://198.51.100.1:80" 3ms\n[2001:db8::1]:99 - - ${CLF} "-" "A "b"" 8 "-" "-" 0ms`,
    expected: [
      { ...REQUEST, client_ip: '192.0.2.1', response_time_ms: 3, user_agent: 'A' },
      { ...REQUEST, client_ip: '2001:db8::1', response_time_ms: 0, user_agent: 'A "b"' },
    ],
  },
  {
    format: 'apache-error',
    title: '2.4 with and without client, a source file, an IPv6 client, 2.2',
    text: [
      '[Wed Mar 04 05:06:07.123456 2026] [authz_core:error] [pid 1:tid 2] [client 192.0.2.1:5] AH1: denied, referer: http://x/',
      '[Wed Mar 04 05:06:07.123456 2026] [core:trace8] [pid 1] core.c(12): step',
      '[Wed Mar 04 05:06:07.123456 2026] [proxy:error] [pid 1] (111)Connection refused: AH2: connect to 198.51.100.1:80 failed',
      '[Wed Mar  4 05:06:07 2026] [notice] [client 2001:db8::1] text [client 192.0.2.9] more',
    ].join('\n'),
    expected: [
      {
        timestamp: T + 123,
        level: 'ERROR',
        kind: 'log',
        client_ip: '192.0.2.1',
        message: 'AH1: denied',
        referrer: 'http://x/',
      },
      { level: 'TRACE', message: 'core.c(12): step' },
      { level: 'ERROR', message: '(111)Connection refused: AH2: connect to 198.51.100.1:80 failed' },
      { timestamp: T, level: 'INFO', client_ip: '2001:db8::1', message: 'text [client 192.0.2.9] more' },
    ],
  },
  {
    format: 'nginx-error',
    title: 'a request; a path that looks like a context; one without a client',
    text: [
      '2026/03/04 05:06:07 [alert] 1#2: *3 text, client: 192.0.2.1, server: _, request: "GET /a HTTP/1.1", upstream: "http://198.51.100.1/a", host: "h.example.com:81"',
      '2026/03/04 05:06:07 [error] 1#2: *3 open() "/a, client: 203.0.113.9, server: x, request: "GET" failed, client: 192.0.2.1, server: s, request: "GET /a HTTP/1.1", host: "h.example.com"',
      '2026/03/04 05:06:07 [info] 1#2: *3 client closed connection while waiting for request, client: unix:, server: 0.0.0.0:80',
    ].join('\n'),
    expected: [
      {
        timestamp: T,
        kind: 'log',
        level: 'CRITICAL',
        client_ip: '192.0.2.1',
        method: 'GET',
        path: '/a',
        proxy_hostname: 'h.example.com',
      },
      { level: 'ERROR' },
      { level: 'INFO', message: 'client closed connection while waiting for request' },
    ],
  },
  {
    format: 'aws-alb',
    title: 'a bracketed client, a request that is none',
    text: 'http 2026-03-04T05:06:07.000000Z app/lb/1 [2001:db8::1]:4 - -1 -1 -1 400 - 0 272 "- http://lb.example.com:80- -" "-" - - - "-" "-" "-" - 2026-03-04T05:06:07.000000Z "-" "-" "-" "-" "-" "-" "-" TID_1',
    expected: [{ timestamp: T, client_ip: '2001:db8::1', status_code: 400, bytes_sent: 272 }],
  },
  {
    format: 'aws-cloudfront',
    title: 'columns in another order',
    text: '#Version: 1.0\n#Fields: time date c-ip x-edge-location cs-method cs-uri-stem sc-status time-taken x-host-header cs(User-Agent)\n05:06:07\t2026-03-04\t192.0.2.1\tX\tGET\t/a\t200\t0.5\th.example.com\tA%2520B',
    expected: [
      {
        timestamp: T,
        client_ip: '192.0.2.1',
        method: 'GET',
        path: '/a',
        status_code: 200,
        response_time_ms: 500,
        user_agent: 'A B',
        proxy_hostname: 'h.example.com',
      },
    ],
  },
  {
    format: 'iis-w3c',
    title: 'the date in a directive, columns that change, a line that does not fit',
    text: '#Date: 2026-03-04 05:00:00\n#Fields: time c-ip cs-method cs-uri-stem sc-status\n05:06:07 192.0.2.1 GET /a 200\n#Fields: date time cs-method cs-uri-stem c-ip cs-username time-taken cs-host\n2026-03-04 05:06:07 GET /b 192.0.2.1 D\\amy 5 h.example.com:81\n2026-03-04 05:06:07 GET',
    expected: [
      { timestamp: T, client_ip: '192.0.2.1', method: 'GET', path: '/a', status_code: 200 },
      {
        timestamp: T,
        client_ip: '192.0.2.1',
        method: 'GET',
        user_id: 'D\\amy',
        response_time_ms: 5,
        proxy_hostname: 'h.example.com',
      },
      { code: 'malformed' },
    ],
  },
  {
    format: 'haproxy-http',
    title: 'with no captures and logasap; one capture with a space',
    text: [
      '192.0.2.1:5 [04/Mar/2026:05:06:07.250] fe be/s 0/0/1/2/+3 200 +12 - - ---- 1/1/0/0/0 0/0 "GET /a HTTP/1.1"',
      'haproxy[9]: ::ffff:192.0.2.1:5 [04/Mar/2026:05:06:07.250] fe be/s 0/0/1/2/3 -1 0 - - CC-- 1/1/0/0/0 0/0 {a b|} "GET /a HTTP/1.1',
    ].join('\n'),
    expected: [
      {
        timestamp: T + 250,
        client_ip: '192.0.2.1',
        method: 'GET',
        path: '/a',
        status_code: 200,
        bytes_sent: 12,
        response_time_ms: 3,
      },
      { client_ip: '192.0.2.1', method: 'GET', response_time_ms: 3 },
    ],
  },
  {
    format: 'envoy-text',
    title: "Envoy's format, and Istio's with the peer",
    text: [
      '[2026-03-04T05:06:07.000Z] "GET /a HTTP/1.1" 200 - 0 12 5 4 "203.0.113.1" "A "b" c" "id-1" "h.example.com:81" "198.51.100.1:80"',
      '[2026-03-04T05:06:07.000Z] "GET /a HTTP/1.1" 200 - via_upstream - "-" 0 12 5 4 "203.0.113.1" "A" "id-1" "h.example.com" "198.51.100.1:80" inbound|80|| 127.0.0.6:1 198.51.100.1:80 192.0.2.1:2 outbound_.80_._.x default',
    ].join('\n'),
    expected: [
      {
        timestamp: T,
        client_ip: '203.0.113.1',
        method: 'GET',
        status_code: 200,
        bytes_sent: 12,
        response_time_ms: 5,
        user_agent: 'A "b" c',
        proxy_hostname: 'h.example.com',
        request_id: 'id-1',
      },
      { client_ip: '192.0.2.1', method: 'GET', status_code: 200, response_time_ms: 5 },
    ],
  },
  {
    format: 'keycloak-text',
    title: 'a stack trace belongs to its line; a user name that looks like fields',
    text: [
      '2026-03-04 05:06:07,250 ERROR [org.example.X] (executor-thread-1) broken: java.lang.IllegalStateException: bad',
      '\tat org.example.X.run(X.java:1)',
      'Caused by: java.io.IOException: io',
      '\t... 1 more',
      '2026-03-04 05:06:07,250 WARN [org.keycloak.events] (a) type="LOGIN_ERROR", clientId="c", userId="null", ipAddress="192.0.2.1", error="e", username="x\\", ipAddress=\\"203.0.113.1"',
    ].join('\n'),
    expected: [
      {
        timestamp: T + 250,
        level: 'ERROR',
        error: {
          type: 'java.lang.IllegalStateException',
          message: 'bad',
          stack:
            'java.lang.IllegalStateException: bad\n\tat org.example.X.run(X.java:1)\nCaused by: java.io.IOException: io\n\t... 1 more',
        },
      },
      { event: 'LOGIN_ERROR', outcome: 'failure', client_id: 'c', client_ip: '192.0.2.1' },
    ],
  },
  {
    format: 'logfmt',
    title: 'escapes, a key alone, durations of Go, text that only looks like it',
    text: [
      'time=2026-03-04T05:06:07Z lvl=eror msg="a\\tb \\u00e4" dry method=GET path=/a status=404 duration=1m0.5s remote=192.0.2.1',
      't=2026-03-04T05:06:07Z lvl=dbg msg=x n=9007199254740993',
      'the answer a=1 b=2 is no log',
      'a=1 b=2',
    ].join('\n'),
    expected: [
      { timestamp: T, message: 'a\tb ä', method: 'GET', status_code: 404, response_time_ms: 60_500 },
      { timestamp: T, level: 'DEBUG', message: 'x', data: { n: '9007199254740993' } },
      { code: 'unknown_format' },
      { code: 'unknown_format' },
    ],
  },
  {
    format: 'plain-text',
    title: 'only when asked for',
    text: 'hello\n{"a":1}',
    options: { format: 'plain-text' },
    expected: [{ kind: 'log', message: 'hello' }, { message: '{"a":1}' }],
  },
];
