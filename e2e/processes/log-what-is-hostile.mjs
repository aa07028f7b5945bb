/**
 * Calls the logger with everything that could make it fail. Prints JSON of what was thrown and what became of the entries.
 * Argument: URL of Redis.
 */
import {
  close,
  configureLogger,
  log_audit,
  log_error,
  log_event,
  log_info,
  log_request,
  log_response,
} from '@tailrace/logger';

configureLogger({ redis: process.argv[2] });

const cycle = { name: 'cycle', list: [] };
cycle.self = cycle;
cycle.list.push(cycle, new Map([[cycle, cycle]]));

let deep = {};
for (let i = 0; i < 100_000; i++) deep = { deep };

const revoked = Proxy.revocable({}, {});
revoked.revoke();

const fail = () => {
  throw new Error('hostile');
};
const throwing = new Proxy(
  {},
  { get: fail, ownKeys: fail, has: fail, getOwnPropertyDescriptor: fail, getPrototypeOf: fail },
);
const throwingNothing = new Proxy(
  {},
  {
    get() {
      throw undefined;
    },
  },
);

const VALUES = {
  bigint: 12n ** 40n,
  cycle,
  deep,
  revoked: revoked.proxy,
  throwing,
  throwingNothing,
  getter: {
    get broken() {
      return fail();
    },
    fine: 1,
  },
  toJson: { toJSON: fail },
  toJsonEndless: {
    toJSON() {
      return this;
    },
  },
  toString: { toString: fail, [Symbol.toPrimitive]: fail },
  symbol: Symbol('s'),
  anonymous: Symbol(),
  function: () => {},
  class: class Hostile {},
  nan: Number.NaN,
  infinity: -Infinity,
  date: new Date(Number.NaN),
  nul: 'a\0b',
  halfPair: 'a\ud800b\udc00',
  wide: '\u{1f4a3}'.repeat(40_000),
  megabyte: 'x'.repeat(1 << 20),
  fields: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, i])),
  sparse: Object.assign([], { 5000000: 1 }),
  proto: JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  nullProto: Object.assign(Object.create(null), { a: 1 }),
  error: Object.defineProperty(new Error('x'), 'stack', { get: fail }),
  errorCycle: Object.assign(new Error('outer'), {}),
  aggregate: new AggregateError([throwing, revoked.proxy, null], 'many'),
  buffer: Buffer.alloc(1 << 16),
  shared: new SharedArrayBuffer(8),
  weak: new WeakMap(),
  promise: Promise.resolve(1),
  undefined: undefined,
  null: null,
  number: 42,
};
VALUES.errorCycle.cause = VALUES.errorCycle;

const FIELDS = [
  'timestamp',
  'kind',
  'id',
  'level',
  'component',
  'message',
  'client_ip',
  'proxy_hostname',
  'method',
  'path',
  'route',
  'status_code',
  'response_time_ms',
  'bytes_sent',
  'user_agent',
  'user_id',
  'trace_id',
  'event',
  'outcome',
  'objects',
  'error',
  'data',
  'truncated',
  'anything',
  '__proto__',
  'constructor',
  '',
  'a~1',
  'a\0b',
  '\ud800',
];

const thrown = [];
let calls = 0;
function attempt(name, call) {
  calls++;
  try {
    const result = call();
    if (result !== undefined) thrown.push(`${name} returned something`);
  } catch (error) {
    thrown.push(`${name}: ${error?.stack}`);
  }
}

for (const [name, value] of Object.entries(VALUES)) {
  attempt(`${name} as message`, () => log_info(value));
  attempt(`${name} as fields`, () => log_error('hostile fields', value));
  attempt(`${name} as data of an event`, () => log_event('hostile', value, value));
  attempt(`${name} as event`, () => log_event(value));
  attempt(`${name} everywhere in a request`, () => log_request(value, value, value, value, value));
  attempt(`${name} everywhere in a response`, () => log_response(value, value, value));
  for (const field of FIELDS) {
    const fields = Object.defineProperty({}, field, { value, enumerable: true });
    attempt(`${name} as ${field}`, () => log_audit('hostile field', fields));
  }
}
attempt('no arguments', () => log_info());
attempt('no arguments at all', () => log_request());
if ({}.polluted !== undefined) thrown.push('a prototype was polluted');

const { accepted, written, pending, dropped } = await close(30_000);
process.stdout.write(JSON.stringify({ calls, thrown, accepted, written, pending, dropped }));
