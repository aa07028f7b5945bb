import { describe, expect, it } from 'vitest';
import { isError } from './is-error.js';
import { snapshotError } from './snapshot-error.js';

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('snapshotError', () => {
  it('keeps a cause with each error that has it', () => {
    const cause = Object.assign(new RangeError('root'), { code: 'ERANGE' });
    const error = new AggregateError([new Error('a', { cause }), new Error('b', { cause })], 'all', {
      cause,
    });
    const root = { type: 'RangeError', message: 'root', code: 'ERANGE' };
    expect(snapshotError(error)).toMatchObject({
      cause: root,
      errors: [
        { message: 'a', cause: root },
        { message: 'b', cause: root },
      ],
    });
  });

  it('ends at a cycle, and at many errors that all hold all others', () => {
    const first = new Error('first');
    const second = new Error('second', { cause: first });
    first.cause = second;
    expect(snapshotError(first)).toMatchObject({ message: 'first', cause: { message: 'second' } });
    const all: AggregateError[] = [];
    for (let i = 0; i < 20; i++) all.push(new AggregateError([], `e${i}`));
    for (const one of all) one.errors = all;
    const kept = JSON.stringify(snapshotError(all[0] as AggregateError)).match(/"type"/g) ?? [];
    expect(kept.length).toBeLessThanOrEqual(32);
  });

  it('says what is no error by its text', () => {
    expect(snapshotError(new Error('x', { cause: { status: 500 } })).cause).toEqual({
      type: 'object',
      message: '{"status":500}',
    });
  });

  it('survives getters that throw, revoked proxies and lists that are none', () => {
    const hostile = new Error('hostile');
    for (const name of ['stack', 'code', 'cause', 'errors', 'name', 'message']) {
      Object.defineProperty(hostile, name, {
        get() {
          throw new Error('no');
        },
      });
    }
    expect(snapshotError(hostile)).toMatchObject({ type: 'Error', message: '' });
    const holdsRevoked = Object.assign(new Error('holds', { cause: revoked() }), { errors: revoked() });
    expect(snapshotError(holdsRevoked)).toMatchObject({ message: 'holds', cause: { type: 'object' } });
    expect(isError(revoked())).toBe(false);
  });
});
