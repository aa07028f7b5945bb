import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../../index.js';
import { openApiDocument } from './openapi-document.js';

const document = openApiDocument('0');
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document as object, 'openapi');

interface Described {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}

/** The state of a rule that fires, whose file another gateway has. */
const FIRING = {
  revision: '1',
  since: 1,
  next: 2,
  groups: {
    '': { state: 'firing', episode: 1, fired: 1, last: 1, value: 1, isNoData: false, isNotified: false },
  },
  spans: [],
  value: 1,
  skipped: 0,
  about: {
    id: 'r',
    name: 'r',
    severity: 'info',
    channels: [],
    isOfFile: true,
    groupBy: [],
    condition: 'c',
    threshold: 0,
    everyMs: 10_000,
  },
};

let gateway: Gateway;
let entryId: string;
let deletedId: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-openapi-'));
  const rules = join(folder, 'rules.json');
  await writeFile(rules, '{"channels":{"nobody":{"type":"command","command":["true"]}}}');
  const settings = { PORT: '0', ENGINE_PORT: '0', DATA_DIR: join(folder, 'data'), ALERT_RULES: rules };
  gateway = await startGateway(readConfig(settings), () => {});
  const redis = new Redis(gateway.redisUrl);
  // It evaluates: nobody else touches the state.
  await redis.set('alerts:lease', 'another gateway');
  await redis.hset('alerts:states', 'r', JSON.stringify(FIRING));
  redis.disconnect();
  const entries = [
    {
      method: 'GET',
      path: '/users/7',
      status_code: 500,
      client_ip: '192.0.2.1',
      response_time_ms: 2_000,
      proxy_hostname: 'api.example',
      user_id: 'u',
      error: { type: 'E', message: 'm', cause: { type: 'C', message: 'n' } },
      data: { a: [1, { b: null }] },
    },
    {
      message: 'm',
      event: 'oauth.token',
      level: 'AUDIT',
      objects: ['vm-1'],
      outcome: 'success',
      client_ip: '192.0.2.1',
    },
    { message: 'm', event: 'RUN_START', level: 'AUDIT', objects: ['run:u'], data: { run_id: 'u' } },
    { message: 'm', event: 'BREAKGLASS_ACTIVATED', level: 'AUDIT', data: { policy: 'p' } },
  ];
  const { ids } = (await (await ask('POST', '/logs', entries)).json()) as { ids: [string, string] };
  [deletedId, entryId] = ids;
});
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

function ask(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(gateway.url + path, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    }),
  });
}

/** A request for each operation; what is not here is asked for as it stands. */
const REQUESTS: Readonly<Record<string, { readonly path?: string; readonly body?: unknown }>> = {
  'GET /logs': { path: '/logs?min_level=INFO' },
  'GET /logs/path': { path: '/logs/path?path=/users/*' },
  'GET /logs/top': { path: '/logs/top?by=path' },
  'GET /logs/histogram': { path: '/logs/histogram?split=level&buckets=3' },
  'POST /logs': { body: [{ message: 'm' }, { message: 'old', timestamp: 1 }] },
  'POST /api/logs': { body: [{ service: 's', tags: ['t'], context: { a: 1 } }] },
  'POST /loki/api/v1/push': { body: { streams: [{ stream: { app: 'a' }, values: [['1', 'old']] }] } },
  'POST /mcp': { body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} } },
  'POST /v1/logs': {
    body: { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1000000' }] }] }] },
  },
  'POST /logs/archive': {
    path: '/logs/archive?class=old&days=3650',
    body: [{ message: 'm', timestamp: 1_600_000_000_000 }],
  },
  'PUT /logs/levels': { body: { default: 'warn', components: { 'db.pool': 'DEBUG' } } },
  'POST /api/alerts/rules': { body: { id: 'u' } },
  'PUT /api/alerts/rules/{id}': { body: { id: 'u', threshold: 5 } },
  'POST /api/alerts/test': { body: { rule: { id: 'v' }, hours: 1 } },
  'POST /api/alerts/{id}/resolve': { path: '/api/alerts/r.0.1/resolve', body: { reason: 'r' } },
  'POST /api/alerts/{id}/silence': { path: '/api/alerts/r.0.1/silence', body: { for: '1h' } },
  'POST /api/alerts/notify-test': { body: { channel: 'nobody' } },
  'POST /api/audit': {
    body: [
      { action: 'vm.created', actor: { id: 'u' }, entity_type: 'vm', entity_id: 1, new_values: { cores: 2 } },
    ],
  },
  'PUT /logs/error-groups/{fingerprint}': { body: { state: 'resolved', release: '1.0' } },
  'PUT /logs/searches/{name}': { body: { query: 'status=5xx&hours=6' } },
  'POST /session': { body: { token: 'any, as this gateway asks for none' } },
};
const VALUES: Readonly<Record<string, string>> = {
  ip: '192.0.2.1',
  hostname: 'api.example',
  method: 'GET',
  code: '5xx',
  fingerprint: '0123456789abcdef',
};
const isLast = (operation: string) => operation === 'DELETE /logs';
const operations = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      operation: `${method.toUpperCase()} ${path}`,
      described: described as Described,
    })),
  )
  .sort((a, b) => Number(isLast(a.operation)) - Number(isLast(b.operation)));

test.each(operations)('$operation answers, and as it is described', async ({ operation, described }) => {
  const [method = '', template = ''] = operation.split(' ');
  const { path = template, body } = REQUESTS[operation] ?? {};
  const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(
      /^(DELETE|POST) \/api\/logs\/\{id\}/.test(operation)
        ? deletedId
        : ['/logs/entry/{id}', '/api/logs/{id}', '/api/audit/{id}'].includes(template)
          ? entryId
          : (VALUES[name] ?? 'u'),
    ),
  );
  const response = await ask(method, filled, body);
  expect(response.status).toBe(200);
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0] as string;
  const content = described.responses['200']?.content ?? {};
  expect(Object.keys(content)).toContain(type);
  if (type === 'text/event-stream') return response.body?.cancel();
  const text = await response.text();
  expect(text).not.toBe('');
  const place = `openapi#${pointer(['paths', template, method.toLowerCase(), 'responses', '200', 'content', type, 'schema'])}`;
  const values = type === 'application/x-ndjson' ? text.trimEnd().split('\n') : [text];
  for (const value of type.includes('json') && template !== '/openapi.json' ? values : []) {
    const isValid = ajv.validate({ $ref: place }, JSON.parse(value));
    expect({ isValid, errors: ajv.errors }).toEqual({ isValid: true, errors: null });
  }
});

test.each(['/logs?limit=0', '/nothing'])('an error is as it is described: %s', async (path) => {
  const reply = await (await ask('GET', path)).json();
  expect(ajv.validate({ $ref: 'openapi#/components/schemas/ErrorReply' }, reply)).toBe(true);
  expect(ajv.validate({ $ref: 'openapi#/components/schemas/LogsReply' }, reply)).toBe(false);
});

function pointer(names: readonly string[]): string {
  return names
    .map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}
