import { beforeEach, describe, expect, it } from 'vitest';
import { type OpenRequest, OpenRequests } from './open-requests.js';

const MAX_BYTES = 10_000;

describe('OpenRequests', () => {
  let now = 0;
  let given: unknown[] = [];
  let requests: OpenRequests;

  beforeEach(() => {
    now = 0;
    given = [];
    requests = openRequests(MAX_BYTES);
  });

  function openRequests(maxBytes: number): OpenRequests {
    const give = ({ snapshot }: OpenRequest) => given.push(snapshot.fields.trace_id);
    return new OpenRequests(give, () => now, 8 * maxBytes);
  }

  function open(trace_id: string, bytes = 1_000, path = '/'): boolean {
    const line = { method: 'GET', path, client_ip: '192.0.2.1', proxy_hostname: 'a.example' };
    return requests.open(line, { fields: { trace_id }, bytes, truncated: false }, undefined);
  }

  it('logs the oldest without their response when there is no room for the bytes of another', () => {
    for (let i = 0; i < 5; i++) expect(open(`t${i}`)).toBe(true);
    expect(given).toEqual([]);
    expect(open('large', 5_000)).toBe(true);
    expect(given).toEqual(['t0', 't1']);
    expect(requests.take('t0')).toBeUndefined();
    expect(requests.take('t2')).toBeDefined();
    expect(open('t5')).toBe(true);
    expect(given).toEqual(['t0', 't1']);
  });

  it('counts the bytes of the path', () => {
    expect(open('t0')).toBe(true);
    expect(open('t1', 1_000, `/${'x'.repeat(4_000)}`)).toBe(true);
    expect(given).toEqual(['t0']);
  });

  it('lets one that is larger than all that may wait not wait, and gives up none for it', () => {
    expect(open('t0')).toBe(true);
    expect(open('t1', MAX_BYTES)).toBe(false);
    expect(given).toEqual([]);
    expect(requests.take('t0')).toBeDefined();
  });

  it('has its room again when requests were answered, replaced, or given up', () => {
    for (let i = 0; i < 100; i++) {
      open('same');
      open(`t${i}`);
      requests.take(`t${i}`);
    }
    expect(given).toHaveLength(99);
    requests.closeAll();
    given = [];
    for (let i = 0; i < 6; i++) open(`u${i}`);
    expect(given).toEqual([]);
  });

  it('logs what waited for more than five minutes, and the oldest of more than 10,000', () => {
    requests = openRequests(1e9);
    open('old');
    now = 300_000;
    for (let i = 0; i < 10_000; i++) open(`t${i}`);
    expect(given).toEqual(['old']);
    open('one more');
    expect(given).toEqual(['old', 't0']);
  });
});
