import {
  auditFoundSchema,
  auditReplySchema,
  type EntityReply,
  entityReplySchema,
  type IngestReply,
} from '@tailrace/api';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../index.js';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const alice = { type: 'user', id: 'alice', name: 'Alice' };
const user = { entity_type: 'user', entity_id: 42 };

/** Audit entries of three months, oldest first. */
const TRAIL = [
  {
    action: 'user.created',
    actor: alice,
    ...user,
    new_values: { plan: 'free', seats: 1 },
    timestamp: NOW - 90 * DAY_MS,
  },
  {
    action: 'user.updated',
    actor: alice,
    ...user,
    old_values: { plan: 'free', password: 'hunter2' },
    new_values: { plan: 'pro', password: 'hunter3' },
    reason: 'upgrade',
    ip_address: '192.0.2.1',
    timestamp: NOW - 30 * DAY_MS,
  },
  {
    action: 'user.deleted',
    actor: { id: 'bob' },
    ...user,
    old_values: { plan: 'pro' },
    outcome: 'failure' as const,
    timestamp: NOW - 2000,
  },
  {
    action: 'vm.created',
    actor: { id: 'bob' },
    entity_type: 'vm',
    entity_id: '1',
    objects: ['user:42'],
    timestamp: NOW - 1000,
  },
];

describe.each(TEST_ENGINES)('the audit trail on $name', ({ start }) => {
  const engine = useEngine(start);
  let gateway: Gateway;
  let ids: (string | null)[];

  beforeAll(async () => {
    const settings = { PORT: '0', REDIS_URL: engine.url, KEY_PREFIX: engine.newKeyPrefix(), DATA_DIR: '' };
    gateway = await startGateway(readConfig(settings), () => {});
    const reply = await post(TRAIL);
    expect(reply.status).toBe(200);
    ({ ids } = (await reply.json()) as IngestReply);
  });
  afterAll(() => gateway?.close());

  const post = (body: unknown) =>
    fetch(`${gateway.url}/api/audit`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  const get = async (path: string) => (await fetch(gateway.url + path)).json();
  const actions = async (query: string) =>
    auditReplySchema.parse(await get(`/api/audit?${query}`)).audit.map(({ action }) => action);

  test('is found by user, action, entity, outcome and time', async () => {
    expect(await actions('hours=2400')).toEqual(TRAIL.map(({ action }) => action));
    expect(await actions('hours=2400&user=alice')).toEqual(['user.created', 'user.updated']);
    expect(await actions('hours=2400&action=user.updated')).toEqual(['user.updated']);
    expect(await actions('hours=2400&action=user.*')).toEqual([
      'user.created',
      'user.updated',
      'user.deleted',
    ]);
    expect(await actions('hours=2400&entity_type=vm')).toEqual(['vm.created']);
    expect(await actions('hours=2400&entity_type=user&entity_id=42&outcome=failure')).toEqual([
      'user.deleted',
    ]);
    expect(await actions('')).toEqual(['user.deleted', 'vm.created']);
    expect(await actions(`from=${NOW - 31 * DAY_MS}&to=${NOW - 29 * DAY_MS}`)).toEqual(['user.updated']);
  });

  test('has an index by action for as long as audit entries are kept', async () => {
    const [key = ''] = (await engine.redis.keys('*idx:audit:event:user.created')).filter((name) =>
      name.includes('idx:audit:event'),
    );
    expect(await engine.redis.zcard(key)).toBe(1);
    expect((await engine.redis.ttl(key)) / 86_400).toBeGreaterThan(2_554 - 90);
  });

  test('is read page by page', async () => {
    const first = auditReplySchema.parse(await get('/api/audit?hours=2400&limit=3'));
    expect(first.audit).toHaveLength(3);
    const rest = auditReplySchema.parse(
      await get(`/api/audit?hours=2400&limit=3&cursor=${first.next_cursor}`),
    );
    expect(rest.audit.map(({ id }) => id)).toEqual([ids[0]]);
    expect(rest.next_cursor).toBeNull();
  });

  test('shows one entry in its parts, as a patch, and no secret', async () => {
    const path = `/api/audit/${encodeURIComponent(ids[1] as string)}`;
    const found = auditFoundSchema.parse(await get(path));
    expect(found.audit).toMatchObject({
      action: 'user.updated',
      actor: alice,
      entity_type: 'user',
      entity_id: '42',
      reason: 'upgrade',
      ip_address: '192.0.2.1',
      component: 'audit',
      patch: [
        { op: 'replace', path: '/plan', value: 'pro' },
        { op: 'replace', path: '/password', value: '[redacted]' },
      ],
    });
    expect(found.entry).toMatchObject({ level: 'AUDIT', user_id: 'alice', objects: ['user:42'] });
    expect(JSON.stringify(found)).not.toMatch(/hunter/);
    expect(await get('/api/audit/log:1:app:none')).toMatchObject({
      error: { code: 'not_found', field: 'id' },
    });
  });

  test('tells the history of one entity, entry by entry and value by value', async () => {
    const reply: EntityReply = entityReplySchema.parse(await get('/api/audit/entities/user/42'));
    expect(reply.entity).toEqual({ type: 'user', id: '42' });
    expect(reply.audit.map(({ id }) => id)).toEqual(ids);
    expect(
      reply.values.map(({ path, steps }) => [
        path,
        ...steps.map(({ action, from, to }) => [action, from, to]),
      ]),
    ).toEqual([
      ['/plan', ['user.created', undefined, 'free'], ['user.updated', 'free', 'pro']],
      ['/seats', ['user.created', undefined, 1]],
      ['/password', ['user.updated', '[redacted]', '[redacted]']],
    ]);
    const none = entityReplySchema.parse(await get('/api/audit/entities/user/43?hours=1'));
    expect(none).toMatchObject({ audit: [], values: [], count: 0 });
  });

  test.each([
    [{}, 'action'],
    [{ action: 'a', actor: 'alice' }, 'actor'],
    [{ action: 'a', entity_type: 'vm' }, 'entity_id'],
    [{ action: 'a', ip_address: 'here' }, 'ip_address'],
    [{ action: 'a', what: 1 }, 'what'],
    [{ action: '' }, 'action'],
  ])('refuses %j by the name of the field', async (body, field) => {
    const reply = await post(body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: 'invalid_entry', field } });
  });

  test('refuses what no entity is called, and unknown parameters', async () => {
    for (const query of ['entity_type=%3C5', 'entity=vm', 'outcome=maybe']) {
      expect((await fetch(`${gateway.url}/api/audit?${query}`)).status).toBe(400);
    }
  });
});
