import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { createEntryWriter } from '@tailrace/writer';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { jsonLine } from './console/json-line.js';
import { prettyLine } from './console/pretty-line.js';
import {
  close,
  configureLogger,
  log_audit,
  log_critical,
  log_debug,
  log_error,
  log_event,
  log_info,
  log_request,
  log_response,
  log_trace,
  log_warning,
  stats,
  withContext,
} from './index.js';
import { createRecorder } from './testing.js';

/** At both ends of every secret, so that a part of one is found as well. */
const MARK = 'Zq7xV';

/** A secret nobody else has. */
function secret(prefix = ''): string {
  return `${prefix}${MARK}${randomBytes(12).toString('hex')}${MARK}`;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const SIGNATURE = randomBytes(32).toString('base64url');
const JWT = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: 'user-1', iat: 1 })}.${SIGNATURE}`;
const CREDENTIALS = Buffer.from('user:correct horse battery').toString('base64');
const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const PEM_LINES = PEM.split('\n').filter((line) => line !== '' && !line.startsWith('--'));

/** The secrets in a text, with what stands before them. */
function found(text: string): string[] {
  const marked = text.match(new RegExp(`.{0,60}${MARK}`, 'g')) ?? [];
  return [...marked, ...[SIGNATURE, CREDENTIALS, ...PEM_LINES].filter((value) => text.includes(value))];
}

const NAMES = [
  ...['Authorization', 'proxy-authorization', 'Cookie', 'set-cookie', 'password', 'passwd', 'newPassword'],
  ...['secret', 'token', 'code', 'code_verifier', 'client_secret', 'client_assertion', 'id_token', 'state'],
  ...['access_token', 'refreshToken', 'device_code', 'user_code', 'X-Api-Key', 'private_key', 'DB_PASSWORD'],
];

/** A member for each name, in every form data have. */
function data() {
  const members = () => Object.fromEntries(NAMES.map((name) => [name, secret()]));
  return {
    ...members(),
    request_uri: secret('urn:ietf:params:oauth:request_uri:'),
    nested: [{ deep: { headers: members() } }],
    pairs: Object.entries(members()),
    raw: Object.entries(members()).flat(),
    har: Object.entries(members()).map(([name, value]) => ({ name, value })),
    map: new Map(Object.entries({ ...members(), inner: new Map(Object.entries(members())) })),
    set: new Set([`Bearer ${secret()}`]),
    json: JSON.stringify({ body: JSON.stringify({ ...members(), list: [members()] }) }),
    inspected: `{ password: '${secret()}', n: 1 }`,
    url: new URL(`https://user:${secret()}@example.com/?token=${secret()}`),
    params: `${new URLSearchParams(members())}`,
    texts: texts(),
    toJSON: undefined,
    custom: { toJSON: () => members() },
    [`Bearer ${secret()}`]: 'a name',
    error: errorWith(),
  };
}

function texts(): string[] {
  return [
    ...NAMES.map((name) => `/cb?a=1&${name}=${secret()}&b=2#${encodeURIComponent(name)}=${secret()}`),
    `/in?to=${encodeURIComponent(`/cb?code=${secret()}&state=${secret()}`)}`,
    `/in?client%5Fsecret=${secret()}`,
    `redis://:${secret()}@127.0.0.1:6379/0`,
    `postgres://app:${secret()}@db/app?sslmode=off`,
    `sent Basic ${CREDENTIALS} and Bearer ${secret()}`,
    `token ${JWT} seen`,
    `key\n${PEM}`,
    JSON.stringify({ key: PEM }),
    `POST / HTTP/1.1\r\nAuthorization: Custom ${secret()}\r\nCookie: a=${secret()}; b="${secret()}"\r\n\r\nx`,
    `curl -H 'Authorization: Basic ${CREDENTIALS}' -d 'client_secret=${secret()}'`,
    `password is wrong, password=${secret()}, passphrase: ${secret()}`,
  ];
}

function errorWith(depth = 2): Error {
  const message = texts().join(' | ');
  const error = new Error(message, depth > 0 ? { cause: errorWith(depth - 1) } : {});
  return Object.assign(error, { code: secret(), config: { headers: { authorization: secret() } } });
}

/** Every public call, with secrets in every place it has. */
function logEverything(): void {
  const everywhere = () => {
    const [referrer, path] = texts();
    return {
      ...data(),
      ...{
        data: data(),
        error: errorWith(),
        referrer,
        path,
        user_agent: `x Basic ${CREDENTIALS}`,
        objects: texts(),
      },
      ...{ user_id: JWT, session_id: JWT, client_id: `Bearer ${secret()}`, request_id: JWT },
      ...{
        component: `db?password=${secret()}`,
        route: `/a?token=${secret()}`,
        event: `e?token=${secret()}`,
      },
    };
  };
  for (const log of [log_trace, log_debug, log_info, log_warning, log_error, log_critical, log_audit]) {
    log('plain', everywhere());
    for (const text of texts()) log(text);
    log(errorWith());
    log(new AggregateError([errorWith(), errorWith()], texts()[0]));
    log('string as error', { error: texts()[0] });
  }
  for (const text of texts()) {
    log_request('GET', text, '192.0.2.1', 'api.example.com', { ...everywhere(), status_code: 500 });
    log_request('GET', text, '192.0.2.1', 'api.example.com', { trace_id: 't-1', referrer: texts()[1] });
    log_response(401, 1, { ...everywhere(), trace_id: 't-1' });
    log_event(text, data(), everywhere());
  }
  withContext({ ...everywhere() }, () => log_info('inside', { n: 1 }));
}

/** All keys and all they hold. */
async function dump(redis: Redis, prefix: string): Promise<string> {
  const texts: unknown[] = [];
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
    for (const key of keys as string[]) texts.push(key, await contentOf(redis, key));
  }
  return JSON.stringify(texts);
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return redis.hgetall(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return redis.get(key);
  }
}

describe.each(TEST_ENGINES)('secrets on $name', ({ start }) => {
  const engine = useEngine(start);

  it('are nowhere in Redis, whatever call they were given to', async () => {
    configureLogger({ redis: engine.url, level: 'TRACE', keyPrefix: 's1:', spoolDir: false });
    logEverything();
    await close(60_000);
    const { written, accepted } = stats();
    expect(written).toBe(accepted);
    const everything = await dump(engine.redis, 's1:');
    expect(everything.length).toBeGreaterThan(500_000);
    expect(everything).toContain('hmac:');
    expect(found(everything)).toEqual([]);
  });

  it('are nowhere in Redis when entries come in by the writer of the gateway', async () => {
    const writer = createEntryWriter({ redis: engine.url, keyPrefix: 's2:' });
    const plain = JSON.parse(JSON.stringify(data()));
    await writer.write([
      ...texts().map((message) => ({ message })),
      ...texts().map((path) => ({ method: 'GET', path, client_ip: '192.0.2.1' })),
      { message: 'm', data: plain, error: { type: 'E', message: texts().join(), stack: texts().join() } },
    ]);
    await writer.close();
    const everything = await dump(engine.redis, 's2:');
    expect(everything).toContain('[redacted]');
    expect(found(everything)).toEqual([]);
  });
});

describe('secrets', () => {
  it('are nowhere on the console, and not in what a recorder keeps', () => {
    const recorder = createRecorder();
    logEverything();
    recorder.stop();
    recorder.assertNothingDropped();
    const shown = recorder.entries.flatMap((entry) => [jsonLine(entry), prettyLine(entry, false)]).join('\n');
    expect(shown.length).toBeGreaterThan(500_000);
    expect(found(shown)).toEqual([]);
  });

  it('are found by this search where they are', () => {
    const texts = [secret(), secret().slice(0, 12), JWT, PEM, CREDENTIALS];
    for (const text of texts) expect(found(`x ${text} y`)).not.toEqual([]);
  });
});
