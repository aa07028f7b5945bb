import type { Entry } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { auditEntryOf, valueHistories } from '../index.js';

const entryOf = (changes: Partial<Entry>): Entry => ({
  id: `log:${changes.timestamp ?? 1}:app:1`,
  timestamp: 1,
  kind: 'log',
  level: 'AUDIT',
  component: 'app',
  message: 'user.updated',
  event: 'user.updated',
  ...changes,
});
const entity = { type: 'user', id: 42 };

describe('auditEntryOf', () => {
  test('reads the parts of spec 002, and keeps what else is in data', () => {
    const entry = entryOf({
      user_id: 'alice',
      client_ip: '192.0.2.1',
      outcome: 'success',
      objects: ['user:42', 'org-1'],
      data: {
        actor: { type: 'user', id: 'alice' },
        entity,
        old_values: { plan: 'free' },
        new_values: { plan: 'pro' },
        reason: 'upgrade',
        metadata: { ticket: 7 },
        more: [1],
      },
    });
    expect(auditEntryOf(entry)).toMatchObject({
      action: 'user.updated',
      actor: { type: 'user', id: 'alice' },
      entity_type: 'user',
      entity_id: '42',
      outcome: 'success',
      reason: 'upgrade',
      changes: [{ path: '/plan', from: 'free', to: 'pro' }],
      patch: [{ op: 'replace', path: '/plan', value: 'pro' }],
      metadata: { ticket: 7 },
      ip_address: '192.0.2.1',
      data: { more: [1] },
    });
  });

  test('of an entry without parts says who and what as far as is known', () => {
    const { event: _, ...plain } = entryOf({ user_id: 'bob', message: 'volume attached' });
    expect(auditEntryOf(plain)).toMatchObject({
      action: 'volume attached',
      actor: { id: 'bob' },
      entity_type: null,
      changes: [],
    });
    const odd = { actor: 'alice', entity: { type: 7, id: 1 }, metadata: [1], old_values: 3, new_values: [] };
    expect(auditEntryOf(entryOf({ data: odd }))).toMatchObject({
      actor: null,
      entity_id: null,
      changes: [{ path: '', from: 3, to: [] }],
      data: { actor: 'alice', entity: { type: 7, id: 1 }, metadata: [1] },
    });
  });
});

describe('valueHistories', () => {
  test('follows each value of one entity through what succeeded', () => {
    const entries = [
      entryOf({
        timestamp: 1,
        event: 'user.created',
        data: { entity, new_values: { plan: 'free', seats: 1 } },
      }),
      entryOf({ timestamp: 2, data: { entity, old_values: { plan: 'free' }, new_values: { plan: 'pro' } } }),
      entryOf({ timestamp: 3, outcome: 'failure', data: { entity, new_values: { plan: 'gold' } } }),
      entryOf({ timestamp: 4, data: { entity: { type: 'org', id: 1 }, new_values: { plan: 'x' } } }),
      entryOf({ timestamp: 5, event: 'user.deleted', data: { entity, old_values: { plan: 'pro' } } }),
    ].map(auditEntryOf);
    const histories = valueHistories(entries, { type: 'user', id: '42' });
    expect(
      histories.map(({ path, steps }) => [
        path,
        ...steps.map(({ timestamp, from, to }) => [timestamp, from, to]),
      ]),
    ).toEqual([
      ['/plan', [1, undefined, 'free'], [2, 'free', 'pro'], [5, 'pro', undefined]],
      ['/seats', [1, undefined, 1]],
    ]);
  });
});
