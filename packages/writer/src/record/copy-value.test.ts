import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { snapshotFields } from './snapshot.js';

/** The copy of a value as a field no entry has. */
const copyOf = (value: unknown) => snapshotFields({ value }).fields.value;

describe('a copy', () => {
  it.each([
    ['Headers', new Headers({ accept: 'a/b', 'x-id': '7' }), { accept: 'a/b', 'x-id': '7' }],
    [
      'Request',
      new Request('http://a.example/x', { method: 'PUT', body: 'secret body' }),
      expect.objectContaining({ method: 'PUT', url: 'http://a.example/x' }),
    ],
    ['Response', new Response('secret body', { status: 418 }), expect.objectContaining({ status: 418 })],
    ['URLSearchParams', new URLSearchParams('a=1&b=2'), 'a=1&b=2'],
    ['URL', new URL('http://a.example/?q=1'), 'http://a.example/?q=1'],
    ['Number', Object(5), 5],
    ['String', Object('text'), 'text'],
    ['BigInt', Object(5n), '5'],
    ['Uint8Array', new Uint8Array(3), '[3 bytes]'],
    ['Float64Array', new Float64Array([1.5, 2]), [1.5, 2]],
    ['Promise', Promise.resolve(1), '[Promise]'],
    ['a Date of another realm', runInNewContext('new Date(0)'), '1970-01-01T00:00:00.000Z'],
    ['a Map of another realm', runInNewContext('new Map([["a", 1]])'), { a: 1 }],
  ])('of %s shows what it is', (_, value, expected) => {
    expect(copyOf(value)).toEqual(expected);
  });

  it('of a form has its fields, and of a file its size', () => {
    const form = new FormData();
    form.set('name', 'ada');
    form.set('file', new Blob(['1234']), 'a.txt');
    expect(copyOf(form)).toEqual({ name: 'ada', file: '[4 bytes in a.txt]' });
  });

  it('never has the body of a request or response', () => {
    const response = new Response('secret body');
    expect(JSON.stringify(copyOf(response))).not.toContain('secret');
    expect(response.bodyUsed).toBe(false);
  });

  it('takes the members of an object whose toJSON returns itself', () => {
    const returnsItself = {
      a: 1,
      toJSON() {
        return this;
      },
    };
    class Point {
      x = 1;
      toJSON() {
        return this;
      }
    }
    expect(copyOf(returnsItself)).toMatchObject({ a: 1 });
    expect(copyOf(new Point())).toEqual({ x: 1 });
    expect(snapshotFields(new Point()).fields).toEqual({ x: 1 });
    expect(snapshotFields(returnsItself).fields).toEqual({ a: 1 });
  });

  it.each(['map', 'set', 'list', 'headers', 'parameters'])('reads a %s no further than it keeps', (kind) => {
    let read = 0;
    function* endless(): Generator<[string, number]> {
      for (;;) yield [`name${read++}`, read];
    }
    class EndlessMap extends Map {
      override [Symbol.iterator]() {
        return endless() as never;
      }
    }
    class EndlessSet extends Set {
      override [Symbol.iterator]() {
        return endless() as never;
      }
    }
    const endlessList = new Proxy([], {
      get: (_, name) =>
        name === 'length' ? Number.MAX_SAFE_INTEGER : name === Symbol.iterator ? endless : read++,
    });
    const tagged = (tag: string) => ({ [Symbol.toStringTag]: tag, [Symbol.iterator]: endless });
    const values: Record<string, unknown> = {
      map: new EndlessMap(),
      set: new EndlessSet(),
      list: endlessList,
      headers: tagged('Headers'),
      parameters: tagged('FormData'),
    };
    const { truncated } = snapshotFields({ value: values[kind] });
    expect(truncated).toBe(true);
    expect(read).toBeLessThan(5_000);
  });

  it('reads a Map in place of fields no further than it keeps', () => {
    let read = 0;
    function* endless(): Generator<[string, number]> {
      for (;;) yield [`name${read++}`, read];
    }
    class EndlessMap extends Map {
      override [Symbol.iterator]() {
        return endless() as never;
      }
    }
    expect(snapshotFields(new EndlessMap()).truncated).toBe(true);
    expect(read).toBeLessThan(5_000);
  });
});

describe('an error in a copy', () => {
  it('keeps what else it carries: status, detail, the status of a response', () => {
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (id)=(1) already exists.',
      status: 409,
      response: { status: 503, statusText: 'busy', data: 'body', headers: {}, request: {} },
      config: { headers: { Authorization: 'Bearer x' } },
      request: { socket: {} },
    });
    expect(copyOf(error)).toMatchObject({
      code: '23505',
      data: {
        detail: 'Key (id)=(1) already exists.',
        status: 409,
        response: { status: 503, statusText: 'busy' },
      },
    });
    expect(Object.keys((copyOf(error) as { data: object }).data)).toEqual(['detail', 'status', 'response']);
  });

  it('keeps the issues of a check, hidden or not, and tells objects of other classes by their name', () => {
    class Socket {}
    const hidden = new Error('invalid');
    Object.defineProperty(hidden, 'issues', { value: [{ path: ['a'], message: 'no' }], enumerable: false });
    const listed = Object.assign(new Error('invalid'), { errors: [{ path: 'a' }], socket: new Socket() });
    expect(copyOf(hidden)).toMatchObject({ data: { issues: [{ path: ['a'], message: 'no' }] } });
    expect(copyOf(listed)).toMatchObject({ data: { errors: [{ path: 'a' }], socket: '[Socket]' } });
  });

  it('has its type and its message also when it comes from another realm or through JSON', () => {
    const other = runInNewContext('new TypeError("elsewhere")');
    const parsed = { name: 'RangeError', message: 'parsed', stack: 'RangeError: parsed\n    at x' };
    expect(copyOf(other)).toMatchObject({ type: 'TypeError', message: 'elsewhere' });
    expect(copyOf(parsed)).toMatchObject({ type: 'RangeError', message: 'parsed' });
    expect(copyOf(new DOMException('gone', 'AbortError'))).toMatchObject({
      type: 'AbortError',
      message: 'gone',
    });
  });

  it('has texts only, whatever its message is', () => {
    for (const message of [{ code: 1 }, [1, 2], 5, null, Symbol('s'), () => 1]) {
      const error = new Error();
      (error as { message: unknown }).message = message;
      expect(copyOf(error)).toMatchObject({ type: 'Error', message: expect.any(String) });
    }
  });
});
