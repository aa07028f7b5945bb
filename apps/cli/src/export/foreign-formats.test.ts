import type { EntryReply } from '@tailrace/schema';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { fakeEntry, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const strict = (properties: object, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

/** What each store takes, by its documentation; the addresses stand in foreign-formats.ts. Fields it does not know are refused. */
const SCHEMAS = {
  splunk: strict(
    {
      time: { type: 'number', exclusiveMinimum: 1e9, maximum: 1e10 },
      host: text,
      source: text,
      sourcetype: text,
      index: text,
      event: { type: 'object' },
      fields: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    },
    ['event'],
  ),
  // The action, or a document of the Elastic Common Schema 8.
  elasticsearch: {
    oneOf: [
      strict({ create: strict({ _id: { ...text, maxLength: 512 }, _index: text }) }, ['create']),
      strict(
        {
          '@timestamp': { ...text, pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
          message: text,
          ecs: strict({ version: text }, ['version']),
          log: strict({ level: text, logger: text }),
          service: strict({ name: text }),
          event: strict({
            id: text,
            action: text,
            outcome: { enum: ['success', 'failure', 'unknown'] },
            duration: count,
          }),
          trace: strict({ id: text }),
          span: strict({ id: text }),
          client: strict({ ip: text, domain: text }),
          url: strict({ domain: text, path: text, query: text }),
          http: strict({
            request: strict({ method: text, referrer: text, id: text }),
            response: strict({ status_code: count, body: strict({ bytes: count }) }),
          }),
          user_agent: strict({ original: text }),
          user: strict({ id: text }),
          error: strict({ type: text, message: text, stack_trace: text, code: text }),
          tailrace: { type: 'object' },
        },
        ['@timestamp', 'ecs'],
      ),
    ],
  },
  gcp: strict(
    {
      logName: text,
      timestamp: text,
      severity: {
        enum: ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'],
      },
      insertId: { ...text, maxLength: 512 },
      labels: { type: 'object', additionalProperties: text },
      trace: text,
      spanId: text,
      httpRequest: strict({
        requestMethod: text,
        requestUrl: text,
        requestSize: { ...text, pattern: '^\\d+$' },
        status: count,
        responseSize: { ...text, pattern: '^\\d+$' },
        userAgent: text,
        remoteIp: text,
        serverIp: text,
        referer: text,
        latency: { ...text, pattern: '^\\d+(\\.\\d{1,9})?s$' },
      }),
      jsonPayload: { type: 'object' },
    },
    ['jsonPayload'],
  ),
  aws: strict({ timestamp: count, message: { ...text, minLength: 1, maxLength: 1_048_576 } }, [
    'timestamp',
    'message',
  ]),
} as const;

const ENTRIES = [
  fakeEntry(1, {
    kind: 'request',
    level: 'ERROR',
    component: 'http',
    method: 'GET',
    path: '/orders/7?full=1',
    route: '/orders/:id',
    status_code: 503,
    response_time_ms: 12.5,
    bytes_sent: 512,
    client_ip: '2001:db8::1',
    client_hostname: 'client.example',
    proxy_hostname: 'shop.example',
    user_agent: 'curl/8',
    referrer: 'https://shop.example/',
    user_id: 'u',
    session_id: 's',
    client_id: 'c',
    trace_id: '5b8efff798038103d269b633813fc60c',
    span_id: 'eee19b7ec3c1b174',
    request_id: 'r',
  } as Partial<EntryReply>),
  fakeEntry(2, {
    level: 'AUDIT',
    event: 'role.granted',
    outcome: 'success',
    objects: ['user:1'],
    error: { type: 'E', message: 'm', stack: 'at x', code: 'EX', cause: { type: 'C', message: 'n' } },
    data: { empty: {}, nested: { list: [1, null, {}] }, '@timestamp': 'mine', message: '\u0000\u2028' },
    truncated: ['data'],
  } as Partial<EntryReply>),
  fakeEntry(3, { message: '' }),
];

async function exported(format: string): Promise<string> {
  await using gateway = await startFakeGateway([], (_, response) =>
    Boolean(response.end(ENTRIES.map((entry) => `${JSON.stringify(entry)}\n`).join(''))),
  );
  const result = await run(['export', '--format', format], { env: { TAILRACE_URL: gateway.url } });
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode: 0, stderr: '' });
  // The gateway has a format of its own, and knows nothing of these.
  expect(gateway.requests[0]?.url.searchParams.get('format')).toBe('ndjson');
  return result.stdout;
}

test.each(Object.entries(SCHEMAS))('every line of %s is as that store takes it', async (format, schema) => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
  const lines = (await exported(format)).trimEnd().split('\n');
  expect(lines).toHaveLength(format === 'elasticsearch' ? 6 : 3);
  for (const line of lines) {
    validate(JSON.parse(line));
    expect(validate.errors).toBeNull();
  }
});

test('nothing of an entry is lost in any of them', async () => {
  const values = [...JSON.stringify(ENTRIES[0]).matchAll(/:("[^"]+"|[\d.]+)[,}]/g)].map(([, value]) =>
    String(value).replaceAll('"', ''),
  );
  for (const format of Object.keys(SCHEMAS)) {
    const first = (await exported(format))
      .split('\n')
      .slice(0, format === 'elasticsearch' ? 2 : 1)
      .join('');
    const missing = values.filter(
      (value) => !first.includes(value) && !['ERROR', '/orders/7?full=1', '12.5'].includes(value),
    );
    expect([format, missing]).toEqual([format, []]);
  }
});

test('the documents of Elasticsearch have nested data as it was, and no empty parts', async () => {
  const lines = (await exported('elasticsearch'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toEqual({ create: { _id: ENTRIES[0]?.id } });
  expect(lines[1]).toMatchObject({
    url: { path: '/orders/7', query: 'full=1' },
    event: { duration: 12_500_000 },
    log: { level: 'error' },
  });
  expect(lines[3]).toMatchObject({ tailrace: { data: ENTRIES[1]?.data }, event: { action: 'role.granted' } });
  expect(Object.keys(lines[5]).sort()).toEqual([
    '@timestamp',
    'ecs',
    'event',
    'log',
    'message',
    'service',
    'tailrace',
  ]);
});
