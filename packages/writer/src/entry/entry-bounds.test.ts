import { ENTRY_LIMITS, type Entry } from '@tailrace/schema';
import { describe, expect, it } from 'vitest';
import { LogRecord } from '../record/log-record.js';
import { snapshotFields } from '../record/snapshot.js';
import { Redactor } from '../redaction/redactor.js';
import { buildEntry } from './build-entry.js';

function entryOf(given: unknown, context?: Record<string, unknown>): Entry {
  const { fields, bytes, truncated } = snapshotFields(given);
  const shared = context && snapshotFields(context);
  const all = bytes + (shared?.bytes ?? 0);
  const isCut = truncated || shared?.truncated === true;
  const record = new LogRecord('log', 'INFO', 0, 'm', undefined, fields, shared?.fields, all, isCut);
  return buildEntry(record, new Redactor());
}

/** Code units of all names and texts in a value. */
function lettersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  const isList = Array.isArray(value);
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + (isList ? 0 : name.length) + lettersOf(member),
    0,
  );
}

const longStack = (name: string) => {
  const error = new Error(name);
  error.stack = `Error: ${name}\n${'    at somewhere\n'.repeat(1_000)}`;
  return error;
};

function chain(length: number): Error {
  let error = longStack('root');
  for (let i = 1; i < length; i++) error = Object.assign(longStack(`wrapper ${i}`), { cause: error });
  return error;
}

const fieldsOf = (count: number, length: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, 'x'.repeat(length)]));

describe('the bound of data and error together', () => {
  it.each<[what: string, given: unknown, cut: string]>([
    ['128 fields of 65,000 letters', fieldsOf(128, 65_000), 'data'],
    ['2 fields that fit alone', fieldsOf(2, 40_000), 'data'],
    ['one text of 200,000 letters', { text: 'x'.repeat(200_000) }, 'data'],
    [
      '1,000 errors with long stacks',
      { errors: Array.from({ length: 1_000 }, (_, i) => longStack(`e${i}`)) },
      'data',
    ],
    [
      '2,000 settled failures',
      {
        settled: Array.from({ length: 2_000 }, (_, i) => ({
          status: 'rejected',
          reason: new Error(`failure ${i}`),
        })),
      },
      'data',
    ],
    ['a chain of 8 with long stacks', { error: chain(8) }, 'error'],
    ['a chain of 11', { error: chain(11) }, 'error'],
    [
      'an error with long members',
      {
        error: new AggregateError(
          Array.from({ length: 20 }, (_, i) => chain(i + 1)),
          'all',
        ),
      },
      'error',
    ],
    ['an error with a long message', { error: new Error('x'.repeat(20_000)) }, 'error'],
    [
      'an error that carries much',
      { error: Object.assign(new Error('x'), { body: 'x'.repeat(200_000) }) },
      'error',
    ],
    ['secrets in place of which more stands', { text: 'pwd=x&'.repeat(10_000) }, 'data'],
    ['names of a million letters', { ['n'.repeat(1_000_000)]: 1 }, 'data'],
  ])('holds for %s, and what was cut is named', (_, given, cut) => {
    const entry = entryOf(given);
    expect(lettersOf(entry.data) + lettersOf(entry.error)).toBeLessThan(ENTRY_LIMITS.dataLength + 1_000);
    expect(entry.truncated).toEqual([cut]);
  });

  it('holds for a context and a call that both bring much, and for an error beside data', () => {
    const both = entryOf({ text: 'x'.repeat(60_000) }, { other: 'y'.repeat(60_000) });
    expect(lettersOf(both.data)).toBeLessThanOrEqual(ENTRY_LIMITS.dataLength);
    expect(both.truncated).toEqual(['data']);
    const beside = entryOf({ error: chain(8), text: 'x'.repeat(60_000) });
    expect(lettersOf(beside.data) + lettersOf(beside.error)).toBeLessThan(ENTRY_LIMITS.dataLength + 1_000);
    expect(beside.truncated).toEqual(['error', 'data']);
    expect(beside.error?.cause?.cause?.cause).toMatchObject({ message: 'wrapper 4' });
  });

  it('leaves alone what keeps to it, and fields that stand behind a text that does not', () => {
    const error = new Error('x', { cause: new TypeError('y') });
    expect(entryOf({ ...fieldsOf(100, 100), error }).truncated).toBeUndefined();
    const behind = entryOf({ text: 'x'.repeat(200_000), user_id: 'ada', trace_id: 5, status_code: 200 });
    expect(behind).toMatchObject({ user_id: 'ada', trace_id: '5', status_code: 200 });
  });
});
