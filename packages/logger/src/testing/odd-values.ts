import { runInNewContext } from 'node:vm';

/** Values of every kind, made anew for each use, with a name for the test that fails. */
export const ODD_VALUES: readonly (readonly [name: string, make: () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['false', () => false],
  ['true', () => true],
  ['0', () => 0],
  ['-0', () => -0],
  ['NaN', () => Number.NaN],
  ['Infinity', () => Number.POSITIVE_INFINITY],
  ['a large number', () => 1e300],
  ['an empty text', () => ''],
  ['a text', () => 'text'],
  ['half a surrogate pair', () => '\ud800'],
  ['a long text', () => 'x'.repeat(200_000)],
  ['0n', () => 0n],
  ['a bigint', () => 10n ** 40n],
  ['a symbol', () => Symbol('s')],
  ['a function', () => () => 1],
  ['a class', () => class Odd {}],
  ['a boxed number', () => Object(1)],
  ['a boxed text', () => Object('boxed')],
  ['a boxed symbol', () => Object(Symbol('boxed'))],
  ['a boxed bigint', () => Object(1n)],
  ['an empty object', () => ({})],
  ['an object without prototype', () => Object.create(null)],
  ['an object', () => ({ message: 'row not found', code: 'P1', user_id: 7 })],
  ['an object of symbols', () => ({ [Symbol('s')]: 1, message: Symbol('m') })],
  ['an array', () => [1, 'two', { three: 3 }]],
  ['a sparse array', () => new Array(1e9)],
  [
    'a Map',
    () =>
      new Map<unknown, unknown>([
        ['user_id', 'u'],
        [{}, 1],
        [Symbol('k'), 2],
        [[1, 2], 3],
      ]),
  ],
  ['a Set', () => new Set([1, {}])],
  ['a Date', () => new Date(0)],
  ['an invalid Date', () => new Date(Number.NaN)],
  ['a RegExp', () => /x/g],
  ['bytes', () => Buffer.from('bytes')],
  ['numbers', () => new Float32Array(5)],
  ['a Promise', () => Promise.resolve(1)],
  [
    'a generator',
    () =>
      (function* endless() {
        for (;;) yield 1;
      })(),
  ],
  [
    'an instance',
    () =>
      new (class Point {
        x = 1;
        #y = 2;
        get y() {
          return this.#y;
        }
      })(),
  ],
  [
    'an instance with toJSON',
    () =>
      new (class Self {
        x = 1;
        toJSON() {
          return this;
        }
      })(),
  ],
  [
    'toJSON that throws',
    () => ({
      toJSON: () => {
        throw new Error('no');
      },
    }),
  ],
  [
    'a cycle',
    () => {
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      return cycle;
    },
  ],
  [
    'getters that throw',
    () =>
      Object.defineProperties(
        {},
        Object.fromEntries(
          [
            'message',
            'component',
            'trace_id',
            'status_code',
            'level',
            'error',
            'data',
            'toString',
            'stack',
          ].map((name) => [
            name,
            {
              enumerable: true,
              get() {
                throw new Error('getter');
              },
            },
          ]),
        ),
      ),
  ],
  [
    'toString that throws',
    () => ({
      toString() {
        throw new Error('toString');
      },
      [Symbol.toPrimitive]() {
        throw new Error('toPrimitive');
      },
    }),
  ],
  ['a Proxy', () => new Proxy({}, {})],
  [
    'a Proxy that answers anything',
    () => new Proxy(() => undefined, { get: () => new Proxy({}, {}), has: () => true }),
  ],
  [
    'a hostile Proxy',
    () =>
      new Proxy(
        {},
        Object.fromEntries(
          ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'].map((trap) => [
            trap,
            () => {
              throw new Error(trap);
            },
          ]),
        ),
      ),
  ],
  [
    'a revoked Proxy',
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
  ],
  [
    'a revoked function',
    () => {
      const { proxy, revoke } = Proxy.revocable(() => 1, {});
      revoke();
      return proxy;
    },
  ],
  ['an error', () => new TypeError('inner', { cause: new Error('cause') })],
  ['an error with an object as message', () => Object.assign(new Error(), { message: { code: 1 } })],
  ['an error with an array as message', () => Object.assign(new Error(), { message: ['a'] })],
  [
    'an error whose getters throw',
    () =>
      Object.defineProperties(
        new Error('x'),
        Object.fromEntries(
          ['stack', 'message', 'name', 'code', 'cause'].map((name) => [
            name,
            {
              get() {
                throw new Error('getter');
              },
            },
          ]),
        ),
      ),
  ],
  [
    'an error that is its own cause',
    () => {
      const error = new Error('self');
      error.cause = error;
      return error;
    },
  ],
  ['an AggregateError', () => new AggregateError([new Error('a'), 'b', null, undefined, 5])],
  ['an error of another realm', () => runInNewContext('new RangeError("elsewhere")')],
  ['an object of another realm', () => runInNewContext('({ user_id: "u", nested: { a: 1 } })')],
  ['a DOMException', () => new DOMException('gone', 'AbortError')],
  ['Headers', () => new Headers({ authorization: 'Bearer abc' })],
  ['a Response', () => new Response('body')],
  ['FormData', () => new FormData()],
  ['globalThis', () => globalThis],
];
