import type { Entry } from '@tailrace/schema';
import { describe, expect, it } from 'vitest';
import { jsonLine } from './json-line.js';
import { prettyLine } from './pretty-line.js';

const HOSTILE = 'a\nb\r\u001b[2J\u009b1m\u202e\u2028\u{e0041}"\\';
const ENTRY: Entry = {
  id: '',
  timestamp: Date.UTC(2024, 0, 15, 10, 30, 45, 123),
  kind: 'log',
  level: 'ERROR',
  component: 'api',
  message: 'it failed',
  user_id: 'u-1',
  data: { n: 1 },
  error: { type: 'Error', message: 'no', cause: { type: 'TypeError', message: 'why' } },
};
const REQUEST: Entry = {
  ...{ id: '', timestamp: 0, kind: 'request', level: 'INFO', component: 'http', message: '' },
  ...{ method: 'GET', path: '/a', status_code: 200, response_time_ms: 4.5, client_ip: '192.0.2.1' },
};

describe('prettyLine', () => {
  it('shows time, level, component, message and the main fields', () => {
    expect(prettyLine(ENTRY, false)).toBe(
      '2024-01-15 10:30:45.123Z ERROR    api it failed user=u-1 data={"n":1} Error: no, caused by TypeError: why',
    );
    expect(prettyLine(REQUEST, false)).toBe(
      '1970-01-01 00:00:00.000Z INFO     GET /a 200 ms=4.5 ip=192.0.2.1',
    );
  });

  it('has escape sequences only of its own', () => {
    const hostile: Entry = {
      ...ENTRY,
      component: HOSTILE,
      message: HOSTILE,
      user_id: HOSTILE,
      objects: [HOSTILE],
      data: { [HOSTILE]: HOSTILE },
      error: { type: HOSTILE, message: HOSTILE },
    };
    expect(prettyLine(hostile, false)).toMatch(/^[\x20-\x7e]*$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the ones that colours are made of
    expect(prettyLine(hostile, true).replace(/\u001b\[[\d;]+m/g, '')).toBe(prettyLine(hostile, false));
  });
});

describe('jsonLine', () => {
  it('is the entry as it is replied, without an id, in one line that a terminal only shows', () => {
    const line = jsonLine({ ...ENTRY, message: HOSTILE });
    expect(line).toMatch(/^[\x20-\x7e]*$/);
    const { id: _, ...fields } = ENTRY;
    expect(JSON.parse(line)).toEqual({ ...fields, message: HOSTILE, timestamp: '2024-01-15T10:30:45.123Z' });
    expect(JSON.parse(jsonLine(REQUEST)).message).toBe('GET /a 200');
  });
});
