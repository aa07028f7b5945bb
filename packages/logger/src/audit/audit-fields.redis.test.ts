import { decodeEntry } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, it } from 'vitest';
import { close, configureLogger, log_audit } from '../index.js';

describe.each(TEST_ENGINES)('log_audit on $name', ({ start }) => {
  const engine = useEngine(start);

  it('stores an entry that its entity and actor find for as long as audit entries are kept', async () => {
    const keyPrefix = engine.newKeyPrefix();
    configureLogger({ redis: engine.url, keyPrefix });
    log_audit('user.updated', {
      actor: { type: 'user', id: 'alice' },
      entity: { type: 'user', id: 42 },
      old_values: { plan: 'free', password: 'hunter2' },
      new_values: { plan: 'pro', password: 'hunter3' },
    });
    expect(await close()).toMatchObject({ complete: true, written: 1 });
    const { redis } = engine;
    const [member = ''] = await redis.zrange(`${keyPrefix}idx:audit:object:user:42`, '0', '-1');
    expect(await redis.zrange(`${keyPrefix}idx:audit:user:alice`, '0', '-1')).toEqual([member]);
    const days = (await redis.ttl(`${keyPrefix}idx:audit:object:user:42`)) / 86_400;
    expect(days).toBeGreaterThan(2_554);
    expect(decodeEntry(member, await redis.hgetall(member))).toMatchObject({
      level: 'AUDIT',
      event: 'user.updated',
      user_id: 'alice',
      objects: ['user:42'],
      data: {
        old_values: { plan: 'free', password: '[redacted]' },
        new_values: { plan: 'pro', password: '[redacted]' },
      },
    });
  });
});
