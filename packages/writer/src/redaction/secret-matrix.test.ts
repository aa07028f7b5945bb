import { describe, expect, it } from 'vitest';
import { buildEntry } from '../entry/build-entry.js';
import type { LogRecord } from '../record/log-record.js';
import { snapshotFields } from '../record/snapshot.js';
import { Redactor } from './redactor.js';
import { assignedExamples, shapeExamples } from './testing/secret-examples.js';

const redactor = new Redactor();

function entryText(fields: Record<string, unknown>, message = 'hello'): string {
  const record: LogRecord = {
    kind: 'log',
    level: 'INFO',
    timestamp: 1_700_000_000_000,
    message,
    line: undefined,
    fields: snapshotFields(fields).fields,
    bytes: 0,
    truncated: false,
  };
  return JSON.stringify(buildEntry(record, redactor));
}

type Place = readonly [name: string, put: (secret: string) => string];

const field = (name: string, around = (secret: string) => secret): Place => [
  name,
  (secret) => entryText({ [name]: around(secret) }),
];
const inData = (name: string, put: (secret: string) => unknown): Place => [
  `data: ${name}`,
  (secret) => entryText({ data: { member: put(secret) } }),
];
const base64 = (text: string, encoding: 'base64' | 'base64url' = 'base64') =>
  Buffer.from(text).toString(encoding);

/** Where a text of any kind may stand: names are looked for as well. */
const TEXTS: readonly Place[] = [
  ['message', (secret) => entryText({}, `saw ${secret} here`)],
  ['message alone', (secret) => entryText({}, secret)],
  ['message in JSON', (secret) => entryText({}, JSON.stringify({ body: JSON.stringify({ x: secret }) }))],
  [
    'end of a long message',
    (secret) => entryText({}, `${'word '.repeat(6_540)}${secret} ${'more '.repeat(2_000)}`),
  ],
  field('component', (secret) => secret.slice(0, 120)),
  field('route', (secret) => `/a/${encodeURIComponent(secret)}`),
  field('event', (secret) => `an.event ${secret}`),
  field('referrer', (secret) => `https://example.com/?q=${encodeURIComponent(secret)}&n=1`),
  field('path', (secret) => `/a?q=${encodeURIComponent(secret)}`),
  [
    'path, encoded twice',
    (secret) => entryText({ path: `/a?to=${encodeURIComponent(`/b?q=${encodeURIComponent(secret)}`)}` }),
  ],
  ['objects', (secret) => entryText({ objects: [secret] })],
  ['error message', (secret) => entryText({ error: new Error(`failed: ${secret}`) })],
  [
    'stack',
    (secret) => entryText({ error: Object.assign(new Error('m'), { stack: `Error: m\n    at ${secret}` }) }),
  ],
  [
    'cause',
    (secret) => entryText({ error: new Error('m', { cause: new Error(secret, { cause: secret }) }) }),
  ],
  ['errors', (secret) => entryText({ error: new AggregateError([new Error(secret)], 'm') })],
  ['error as text', (secret) => entryText({ error: secret })],
  ['unknown field', (secret) => entryText({ anything: secret })],
  ['data: name', (secret) => entryText({ data: { [`was ${secret}`]: 1 } })],
  inData('text', (secret) => secret),
  inData('nested', (secret) => [{ a: { b: [secret] } }]),
  inData('list', (secret) => ['a', secret, 'b']),
  inData('pairs', (secret) => [['x-any', secret]]),
  inData('raw headers', (secret) => ['Host', 'a', 'X-Any', secret]),
  inData('name and value', (secret) => ({ name: 'any', value: secret })),
  inData('Map', (secret) => new Map([['any', new Map([['x', secret]])]])),
  inData('Map, as key', (secret) => new Map([[secret, 1]])),
  inData('Map, by an object', (secret) => new Map([[{ id: 1 }, secret]])),
  inData('Set', (secret) => new Set([secret])),
  inData('Buffer', (secret) => Buffer.from(secret)),
  inData('Buffer in JSON', (secret) => JSON.parse(JSON.stringify(Buffer.from(secret)))),
  inData('URLSearchParams', (secret) => `${new URLSearchParams({ a: secret, b: '1' })}`),
  inData('escaped text', (secret) => JSON.stringify(`line\n${secret}\nline`)),
  inData('base64', (secret) => `got ${base64(secret)}`),
  inData('base64url of JSON', (secret) => base64(JSON.stringify({ a: 1, value: secret }), 'base64url')),
  inData('unicode escapes', (secret) =>
    secret.replace(/[^\w]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16).padStart(2, '0')}`),
  ),
];

/** Where one value stands: shapes alone are looked for. */
const VALUES: readonly Place[] = [
  field('user_agent', (secret) => `tool/1.0 (${secret})`),
  field('user_id'),
  field('session_id'),
  field('client_id'),
  field('request_id'),
  field('trace_id', (secret) => `t-${secret}`.slice(0, 250)),
  field('method'),
  field('client_hostname', (secret) => secret.slice(0, 250)),
  field('proxy_hostname', (secret) => secret.slice(0, 250)),
];

/** Parts of the secret, also lower-cased or encoded, that a text still has. */
function left(text: string, core: string): string[] {
  const texts = [text, text.toLowerCase()];
  const forms = [core, core.toLowerCase(), base64(core).slice(4, -4)];
  return forms.flatMap((form) =>
    Array.from({ length: Math.max(1, form.length - 7) }, (_, i) => form.slice(i, i + 8)).filter((piece) =>
      texts.some((each) => each.includes(piece)),
    ),
  );
}

describe.each([...TEXTS, ...VALUES])('%s', (place, put) => {
  it('holds nothing of a secret that is told by its shape', () => {
    const leaks = shapeExamples()
      .filter(({ text }) => place !== 'component' || text.length <= 120)
      .filter(({ text, core }) => left(put(text), core).length > 0)
      .map(({ name, text }) => `${name}: ${put(text)}`);
    expect(leaks).toEqual([]);
  });
});

describe.each(TEXTS)('%s', (_, put) => {
  it('holds nothing of a secret that is told by its name', () => {
    const leaks = assignedExamples()
      .filter(({ text, core }) => left(put(text), core).length > 0)
      .map(({ name, text }) => `${name}: ${put(text)}`);
    expect(leaks).toEqual([]);
  });
});

describe('the search for what is left', () => {
  it('finds secrets where they are', () => {
    for (const { text, core } of [...shapeExamples(), ...assignedExamples()]) {
      expect(left(`x ${text} y`, core)).not.toEqual([]);
    }
  });

  it('knows more than fifty kinds by their beginnings, each with where it is described', () => {
    expect(new Set(shapeExamples().map(({ name }) => name)).size).toBeGreaterThan(150);
  });
});
