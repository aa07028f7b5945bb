import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuditLogger, log, log_audit } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => recorder.stop());

const last = () => recorder.entries.at(-1);
const ACTOR = { type: 'user', id: 'alice', name: 'Alice' };
const ENTITY = { type: 'user', id: 42 };

describe('log_audit', () => {
  test('makes of actor, entity and action what an entry is looked up by, and keeps the parts', () => {
    log_audit('user.updated', {
      actor: ACTOR,
      entity: ENTITY,
      old_values: { plan: 'free' },
      new_values: { plan: 'pro' },
      reason: 'upgrade',
      metadata: { ticket: 7 },
      objects: ['org-1', 'user:42'],
      outcome: 'failure',
      ip_address: '192.0.2.1',
      user_agent: 'curl/8',
    });
    expect(last()).toMatchObject({
      level: 'AUDIT',
      message: 'user.updated',
      event: 'user.updated',
      user_id: 'alice',
      client_ip: '192.0.2.1',
      user_agent: 'curl/8',
      objects: ['user:42', 'org-1'],
      outcome: 'failure',
      data: {
        actor: ACTOR,
        entity: ENTITY,
        old_values: { plan: 'free' },
        new_values: { plan: 'pro' },
        reason: 'upgrade',
        metadata: { ticket: 7 },
      },
    });
    expect(last()?.data).not.toHaveProperty('ip_address');
  });

  test('keeps no secret of the values before and after', () => {
    log_audit('user.updated', {
      entity: ENTITY,
      old_values: { password: 'hunter2' },
      new_values: { password: 'hunter3' },
    });
    expect(JSON.stringify(last())).not.toMatch(/hunter/);
    expect(last()?.data).toMatchObject({ new_values: { password: '[redacted]' } });
  });

  test('lets what the call or `log.with` says itself win', () => {
    const fields = { actor: ACTOR, event: 'own', userId: 'bob', client_ip: '::1', ip_address: '192.0.2.1' };
    log_audit('a.b', fields);
    expect(last()).toMatchObject({ event: 'own', user_id: 'bob', client_ip: '::1' });
    log.with({ user_id: 'eve' }).audit('a.b', { actor: ACTOR });
    expect(last()).toMatchObject({ event: 'a.b', user_id: 'eve' });
  });

  test('leaves a call without actor and entity as it is', () => {
    log_audit('plain text', { objects: ['vm-1'], n: 1 });
    expect(last()).toMatchObject({ message: 'plain text', objects: ['vm-1'], data: { n: 1 } });
    expect(last()).not.toHaveProperty('event');
    log_audit('refused', new TypeError('inner'));
    expect(last()).toMatchObject({ message: 'refused', error: { type: 'TypeError' } });
  });

  test('takes odd parts as data, and never throws', () => {
    const odd: unknown[] = [
      { actor: 'alice', entity: 'vm-1' },
      { actor: { id: Number.NaN }, entity: { type: 'vm' } },
      { actor: null, entity: null, objects: 7 },
      { entity: ENTITY, objects: 'vm-1' },
      {
        get actor() {
          throw new Error('no');
        },
      },
    ];
    for (const fields of odd) {
      log_audit('odd', fields as object);
      expect(last()).toMatchObject({ level: 'AUDIT', message: 'odd' });
    }
    expect(recorder.entries).toHaveLength(odd.length);
  });

  test('keeps the entity where there are more objects than an entry may have', () => {
    log_audit('a.b', { entity: ENTITY, objects: Array.from({ length: 40 }, (_, i) => `o-${i}`) });
    expect(last()?.objects?.[0]).toBe('user:42');
  });
});

describe('createAuditLogger', () => {
  test('logs level, message and objects under its component (spec 000)', () => {
    const audit = createAuditLogger({ component: 'vmm' });
    audit.log('AUDIT', 'Volume attached', ['vm-123', 'vol-456']);
    const wanted = { component: 'vmm', message: 'Volume attached', objects: ['vm-123', 'vol-456'] };
    expect(last()).toMatchObject({ level: 'AUDIT', ...wanted });
    audit.log('warn', 'Connection retry', undefined, { component: 'other', n: 1 });
    expect(last()).toMatchObject({ level: 'WARNING', component: 'vmm', data: { n: 1 } });
    audit.log('AUDIT', 'vm.created', ['host-1'], { entity: { type: 'vm', id: 1 } });
    expect(last()).toMatchObject({ event: 'vm.created', objects: ['vm:1', 'host-1'] });
    audit.log('loud' as 'AUDIT', 'no such level');
    expect(last()).toMatchObject({ level: 'AUDIT', message: 'no such level' });
  });

  test('refuses a component that is none', () => {
    expect(() => createAuditLogger({ component: '' })).toThrow('component is ""');
  });
});
