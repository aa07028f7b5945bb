import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Entry } from '@tailrace/schema';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ErrorGroups } from './error-groups.js';
import { fingerprintOf } from './fingerprint.js';
import { normalMessage } from './normal-message.js';

const KINDS = 40;
const ERRORS = 500;
const TYPES = ['TypeError', 'RangeError', 'Error', 'DatabaseError'];
const MESSAGES = [
  'user {id} has no plan "{name}"',
  'connect ECONNREFUSED 10.0.{small}.7:5432',
  'order {uuid} is not paid',
  'cannot read properties of undefined',
  'timeout of {id}ms exceeded at https://api.example/v1/users/{id}?key={uuid}',
  'file /var/lib/app/{uuid}.json is missing',
  'mail to {name}@example.com bounced on 2026-01-{day}T10:00:00Z',
  'bad token 0x{hex}',
  'index {id} out of range',
  'lock {hex} held by worker-{id}',
];

/** A service with forty ways to fail, each marked by its number, reached by three ways. */
function serviceSource(): string {
  const functions = Array.from({ length: KINDS }, (_, kind) => {
    const type = TYPES[kind % TYPES.length];
    const message = MESSAGES[Math.floor(kind / TYPES.length) % MESSAGES.length]?.replaceAll('{', '$\u007b');
    return `function failureNumber${kind}({ id, name, small, uuid, day, hex }) { if (id >= 0) throw new ${type}(\`${message}\`); return id; }`;
  });
  return `class DatabaseError extends Error { constructor(message) { super(message); this.name = 'DatabaseError'; this.code = 'E_DB'; } }
${functions.join('\n')}
const failures = [${functions.map((_, i) => `failureNumber${i}`).join(', ')}];
function catching(run) { try { run(); } catch (error) { return error; } }
function fromHttp(kind, values) { return catching(() => failures[kind](values)); }
function fromQueue(kind, values) { return [values].map((each) => catching(() => failures[kind](each)))[0]; }
async function fromTimer(kind, values) { await new Promise((resolve) => setImmediate(resolve)); return catching(() => failures[kind](values)); }
export const ways = [fromHttp, fromQueue, fromTimer];
`;
}

type Way = (kind: number, values: object) => Error | Promise<Error>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-fingerprints-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function entriesOf(source: string, name: string): Promise<{ kind: number; entry: Entry }[]> {
  const path = join(folder, name);
  await writeFile(path, source);
  const { ways } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { ways: Way[] };
  const entries: { kind: number; entry: Entry }[] = [];
  for (let i = 0; i < ERRORS; i++) {
    const kind = i % KINDS;
    const hex = (0xabc12345 + i * 7_919).toString(16);
    const uuid = `${hex.slice(0, 8)}-1111-4222-8333-${String(i).padStart(12, '0')}`;
    const values = {
      id: i * 37,
      name: `n${i}`,
      small: i % 250,
      uuid,
      day: String((i % 28) + 1).padStart(2, '0'),
      hex,
    };
    const error = (await ways[i % 3]?.(kind, values)) as Error & { code?: string };
    const { message, stack, code } = error;
    entries.push({
      kind,
      entry: {
        id: `log:${i}:app:x`,
        timestamp: i,
        kind: 'log',
        level: 'ERROR',
        component: 'app',
        message,
        error: { type: error.name, message, stack, code },
      },
    });
  }
  return entries;
}

describe('500 errors of 40 kinds from real stacks group as they are marked', () => {
  test.each([
    ['as written', async (source: string) => source],
    ['minified', async (source: string) => (await transform(source, { minify: true, format: 'esm' })).code],
  ])('%s', async (name, build) => {
    const entries = await entriesOf(await build(serviceSource()), `${name.replace(' ', '-')}.mjs`);
    const kindsOf = new Map<string, Set<number>>();
    for (const { kind, entry } of entries) {
      const { id } = fingerprintOf(entry);
      kindsOf.set(id, (kindsOf.get(id) ?? new Set()).add(kind));
    }
    expect(kindsOf.size).toBe(KINDS);
    expect([...kindsOf.values()].every((kinds) => kinds.size === 1)).toBe(true);
  });
});

test('what a service says is the fingerprint is it', () => {
  const entry = (message: string, fingerprint: string): Entry => ({
    id: 'log:1:app:x',
    timestamp: 1,
    kind: 'log',
    level: 'ERROR',
    component: 'app',
    message,
    data: { fingerprint },
  });
  expect(fingerprintOf(entry('a', 'f')).id).toBe(fingerprintOf(entry('b', 'f')).id);
  expect(fingerprintOf(entry('a', 'f')).id).not.toBe(fingerprintOf(entry('a', 'g')).id);
});

test('a group counts, and names who is affected, in whatever order its errors come', () => {
  const entry = (at: number, user: string): Entry => ({
    id: `req:${at}:x`,
    timestamp: at,
    kind: 'request',
    level: 'ERROR',
    component: 'http',
    message: '',
    method: 'GET',
    path: `/users/${at}`,
    status_code: 500,
    user_id: user,
    client_ip: '192.0.2.1',
    data: { release: '1.2' },
    ...(at === 5 && { trace_id: 't' }),
  });
  const entries = [entry(3_600_001, 'u1'), entry(5, 'u2'), entry(7, 'u1')];
  for (const order of [entries, [...entries].reverse()]) {
    const groups = new ErrorGroups();
    for (const one of order) groups.add(one);
    expect(groups.list()).toMatchObject([
      {
        message: 'GET /users/:number',
        code: '500',
        count: 3,
        firstSeen: 5,
        lastSeen: 3_600_001,
        hours: new Map([
          [0, 2],
          [3_600_000, 1],
        ]),
        users: new Set(['u1', 'u2']),
        releases: new Set(['1.2']),
        sample: { entry: 'req:3600001:x', trace: 't' },
        isKnown: false,
      },
    ]);
    groups.addKnown(entry(1, 'u3'));
    expect(groups.list()[0]?.isKnown).toBe(true);
  }
});

test.each([
  ['user 42 signed in', 'user <number> signed in'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <ip>'],
  ['listen on ::1 and 2001:db8::7', 'listen on ::<number> and <ip>'],
  ['GET https://a.example/x?y=1 failed', 'GET <url> failed'],
  ["no column 'a b'", 'no column <text>'],
  ['commit deadbeef01 by me@a.example', 'commit <hex> by <email>'],
  ['it took 1.5s', 'it took <number>'],
  ['facade is a word', 'facade is a word'],
])('%j is %j', (message, normal) => expect(normalMessage(message)).toBe(normal));

test('a hostile message takes time in proportion to its length', () => {
  for (const part of ['a', "'", '/a', '1:', 'a-', '@a.', ' ', '0x', '\u0000', '1.1.']) {
    expect(normalMessage(part.repeat(500_000)).length).toBeLessThanOrEqual(500);
  }
});
