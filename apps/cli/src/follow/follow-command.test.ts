import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { type Answer, fakeEntry, replyError, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

function sendEvent(response: ServerResponse, data: unknown, id?: string, event?: string): void {
  const lines = [event && `event: ${event}`, id && `id: ${id}`, `data: ${JSON.stringify(data)}`];
  response.write(`${lines.filter(Boolean).join('\n')}\n\n`);
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
}

/** Follows until the output contains `until`, then interrupts. */
async function follow(answer: Answer, until: string, args: string[] = []) {
  await using gateway = await startFakeGateway([], answer);
  const interrupt = new AbortController();
  const result = await run(['follow', ...args, '--url', gateway.url, '--no-color'], {
    interrupt: interrupt.signal,
    terminal: true,
    onStdout: (text) => text.includes(until) && interrupt.abort(),
  });
  return { ...result, requests: gateway.requests };
}

describe('tailrace follow', () => {
  test('prints entries as they come until it is interrupted, which is no failure', async () => {
    const { exitCode, stdout, stderr } = await follow((_, response) => {
      openStream(response);
      sendEvent(response, fakeEntry(1), '1-0');
      sendEvent(response, { count: 7 }, undefined, 'missed');
      sendEvent(response, fakeEntry(2), '2-0');
      return true;
    }, 'message 2');
    expect(exitCode).toBe(0);
    expect(stdout.match(/message \d/g)).toEqual(['message 1', 'message 2']);
    expect(stderr).toContain('--- 7 entries missed: this reader was too slow ---\n');
  });

  test('says what was lost where it was lost, and that Redis was away', async () => {
    const { stderr } = await follow((_, response) => {
      openStream(response);
      sendEvent(response, { after: '1-0' }, '1-0', 'position');
      const gap = { reason: 'trimmed', entries: 3, from: '2024-01-15T10:00:00.000Z', to: null };
      sendEvent(response, gap, undefined, 'gap');
      sendEvent(response, { ...gap, reason: 'restarted', entries: null }, undefined, 'gap');
      for (const redis of ['unavailable', 'available', 'odd']) {
        sendEvent(response, { redis }, undefined, 'status');
      }
      sendEvent(response, fakeEntry(1), '2-0');
      return true;
    }, 'message 1');
    expect(stderr.split('\n').slice(1)).toEqual([
      '--- gap: 3 entries of all kinds lost here, older than what the stream keeps ---',
      '--- gap: entries may be missing here, the stream was removed or begun anew ---',
      '--- Redis cannot be reached; waiting for it ---',
      'Redis is back, going on where it broke off',
      '',
    ]);
  });

  test('connects again and goes on after the last event it saw', async () => {
    let connections = 0;
    const { stdout, stderr, requests } = await follow((_, response) => {
      connections += 1;
      if (connections === 2) return replyError(response, 503, 'store_unavailable', 'away');
      openStream(response);
      sendEvent(response, fakeEntry(connections), `${connections}-0`);
      if (connections === 1) response.end();
      return true;
    }, 'message 3');
    expect(stdout.match(/message \d/g)).toEqual(['message 1', 'message 3']);
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1-0', '1-0']);
    expect(stderr.split('\n').slice(1)).toEqual([
      'connection lost, trying again',
      'connected again, going on where it broke off',
      '',
    ]);
  });

  test.each([
    [['5', '--event', 'a.b'], { event: 'a.b' }],
    [['api', '--level=ERROR'], { q: 'api', level: 'ERROR' }],
    [['--', '-x'], { q: '-x' }],
    [[''], {}],
  ])('%j asks for %j', async (args, query) => {
    await using gateway = await startFakeGateway([], (_, response) =>
      replyError(response, 400, 'invalid_parameter', 'enough'),
    );
    await run(['follow', '--url', gateway.url, ...args]);
    expect(Object.fromEntries(gateway.requests[0]?.url.searchParams ?? [])).toEqual(query);
  });

  test('groups entries into refreshes of an interval', async () => {
    let open: ServerResponse | undefined;
    const timers = vi.spyOn(globalThis, 'setInterval');
    const { stdout } = await follow(
      (_, response) => {
        open = response;
        openStream(open);
        for (const number of [1, 2]) sendEvent(open, fakeEntry(number), `${number}-0`);
        return true;
      },
      'message 1',
      ['0.3'],
    );
    expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([300]);
    timers.mockRestore();
    expect(stdout.match(/message \d/g)).toEqual(['message 1', 'message 2']);
  });

  test('fails when no gateway answers at first, or the gateway refuses', async () => {
    const refused = await follow(
      (_, response) => replyError(response, 400, 'invalid_parameter', 'is unknown', 'level'),
      '-',
    );
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('tailrace: level: is unknown\n');
    expect(await run(['follow', '--url', 'http://127.0.0.1:9'])).toMatchObject({ exitCode: 1 });
  });
});
