import { once } from 'node:events';
import { connect } from 'node:net';
import { entryReplySchema, exportErrorSchema } from '@tailrace/api';
import type { LogReader } from '@tailrace/query';
import type { EntryReply } from '@tailrace/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, type Gateway, readConfig, startGateway } from '../index.js';
import { fakeDeps } from '../testing/fake-deps.js';

const COUNT = 2_500;

describe('GET /logs/export', () => {
  let gateway: Gateway;
  let ids: string[];

  beforeAll(async () => {
    gateway = await startGateway(readConfig({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: '' }), () => {});
    ids = [];
    const start = Date.now() - 10_000;
    for (let i = 0; i < COUNT; i += 500) {
      const entries = Array.from({ length: 500 }, (_, k) => ({
        message: `=1+1 "${i + k}",\r\n`,
        component: 'x',
        timestamp: start + i + k,
        data: { i: i + k, long: 'x'.repeat(2_000) },
      }));
      const response = await fetch(`${gateway.url}/logs`, {
        method: 'POST',
        body: JSON.stringify(entries),
        headers: { 'content-type': 'application/json' },
      });
      ids.push(...((await response.json()) as { ids: string[] }).ids);
    }
  });
  afterAll(() => gateway?.close());

  const lines = async (query: string): Promise<EntryReply[]> => {
    const text = await (await fetch(`${gateway.url}/logs/export${query}`)).text();
    return text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => entryReplySchema.parse(JSON.parse(line)));
  };

  test('sends every match once, newest first', async () => {
    const entries = await lines('?component=x');
    expect(entries.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(await lines('?component=y')).toEqual([]);
    expect((await lines('?component=x&limit=1001')).map(({ id }) => id)).toEqual(
      entries.slice(0, 1_001).map(({ id }) => id),
    );
  });

  test('as CSV, a line of names and cells no spreadsheet calculates', async () => {
    const response = await fetch(`${gateway.url}/logs/export?component=x&limit=2&format=csv`);
    expect(response.headers.get('content-type')).toContain('text/csv');
    const text = await response.text();
    expect(text.slice(0, text.indexOf('\r\n'))).toMatch(
      /^"id","timestamp","kind","level","component","message",/,
    );
    expect(text).toContain(`"'=1+1 ""2499"",\r\n"`);
    expect(text).toContain(`"{""i"":2499,""long"":""xxx`);
  });

  test('a client that goes in the middle harms nobody', async () => {
    const { port } = new URL(gateway.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('GET /logs/export HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    socket.destroy();
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  });
});

describe('an export', () => {
  const entry = {
    id: 'log:1:app:a',
    timestamp: 1,
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message: 'm',
  } as const;
  const page = {
    entries: [entry],
    total: null,
    nextCursor: { timestamp: 1, order: 0, id: entry.id },
    partial: true,
  };

  /** Pages without end, until the one that fails. */
  function paging(failAt: number) {
    const asked: (AbortSignal | undefined)[] = [];
    const reported: string[] = [];
    const reader: LogReader = {
      search: async (_, options) => {
        if (asked.push(options?.signal) > failAt) throw new Error('Connection is closed.');
        return page;
      },
      entry: async () => undefined,
    };
    const app = createApp(fakeDeps({ reader, report: (text) => reported.push(text) }));
    return { app, asked, reported };
  }

  test('that cannot begin is a 503', async () => {
    expect((await paging(0).app.request('/logs/export')).status).toBe(503);
  });

  test('that cannot be finished ends with what to go on from', async () => {
    const { app, reported } = paging(3);
    const lines = (await (await app.request('/logs/export')).text()).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    const { export_error } = exportErrorSchema.parse(JSON.parse(lines[3] ?? ''));
    expect(export_error.code).toBe('store_unavailable');
    expect(reported.join()).toContain('Connection is closed.');
    expect((await paging(1).app.request(`/logs/export?cursor=${export_error.next_cursor}`)).status).toBe(200);
  });

  test('is not read further than it is taken, and stops when the client goes', async () => {
    const { app, asked } = paging(1_000);
    const reader = (await app.request('/logs/export')).body?.getReader();
    for (let i = 0; i < 3; i++) await reader?.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.length).toBeLessThan(6);
    await reader?.cancel();
    expect(asked.at(-1)?.aborted).toBe(true);
  });

  test.each(['?format=xml', '?limit=0', '?hours=1&from=0', '?min_ms=2&max_ms=1', '?count=1'])(
    '%s is a 400',
    async (query) => {
      expect((await paging(1).app.request(`/logs/export${query}`)).status).toBe(400);
    },
  );
});
