import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createApp } from '../http/app.js';
import { fakeDeps } from '../testing/fake-deps.js';

type Write = Parameters<ReturnType<typeof fakeDeps>['writer']['write']>[0];

function app() {
  const written: Write[number][] = [];
  const writer = {
    write: async (entries: Write) => {
      written.push(...entries);
      return entries.map((entry, i) =>
        entry.message === 'old'
          ? { refused: { code: 'entry_too_old' as const, message: 'too old' } }
          : { id: `log:1:app:${i}` },
      );
    },
    close: async () => {},
  };
  const gateway = createApp(fakeDeps({ writer }));
  const post = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const init = {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain', host: 'localhost', ...headers },
    };
    const response = await gateway.request('/logs', init);
    return { status: response.status, reply: (await response.json()) as Record<string, never> };
  };
  return { post, written };
}

const CLF = '192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /a HTTP/1.1" 200 12';

describe('POST /logs with lines of a log', () => {
  test('reads each line by its format, and answers for each', async () => {
    const { post, written } = app();
    const lines = [CLF, 'garbage', '{"msg":"old","time":1772600767000}', '<14>1 - - app - - - hi'];
    const { status, reply } = await post(lines.join('\n'));
    expect(status).toBe(200);
    expect(reply).toEqual({
      accepted: 2,
      ids: ['log:1:app:0', null, null, 'log:1:app:2'],
      refused: [
        {
          index: 1,
          line: 2,
          code: 'line_not_understood',
          message: 'line 2 is "garbage": of no format that is known here (unknown_format)',
        },
        { index: 2, line: 3, code: 'entry_too_old', message: 'too old' },
      ],
    });
    expect(written).toMatchObject([
      { client_ip: '192.0.2.1', path: '/a', status_code: 200 },
      { message: 'old' },
      { component: 'app', message: 'hi' },
    ]);
  });

  test.each(['text/plain; charset=utf-8', 'text/csv', 'application/x-ndjson', 'application/jsonl'])(
    'takes %s',
    async (type) => {
      const { reply } = await app().post(CLF, { 'content-type': type });
      expect(reply).toMatchObject({ accepted: 1 });
    },
  );

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('takes lines and JSON as %s, as shippers send them', async (coding, encode) => {
    const { post, written } = app();
    const headers = { 'content-encoding': coding };
    const lines = '{"date":1772600767.5,"log":"one","stream":"stderr"}\n{"message":"two","level":"warn"}\n';
    const ndjson = { ...headers, 'content-type': 'application/x-ndjson' };
    expect(await post(encode(lines), ndjson)).toMatchObject({ status: 200, reply: { accepted: 2 } });
    const json = { ...headers, 'content-type': 'application/json' };
    expect(await post(encode('[{"message":"three"}]'), json)).toMatchObject({
      status: 200,
      reply: { accepted: 1 },
    });
    expect(written.map(({ message }) => message)).toEqual(['one', 'two', 'three']);
    expect(written[0]).toMatchObject({ timestamp: 1772600767500 });
    expect((await post(encode(lines).subarray(0, 20), ndjson)).status).toBe(400);
  });

  test('takes no more entries than a request of JSON may bring', async () => {
    expect((await app().post(`${CLF}\n`.repeat(1000))).reply).toMatchObject({ accepted: 1000 });
    expect(await app().post(`${CLF}\n`.repeat(1001))).toMatchObject({
      status: 400,
      reply: { error: { code: 'invalid_body' } },
    });
  });

  test.each([
    [{ origin: 'https://evil.example.com' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }, 200],
  ])('with %j answers %i: a web page elsewhere may not write', async (headers, status) => {
    const { post, written } = app();
    expect((await post(CLF, headers)).status).toBe(status);
    expect(written).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('POST /logs with JSON', () => {
  test('keeps the digits of integers past 2^53', async () => {
    const { post, written } = app();
    const body = '{"trace_id":7660829067201366963,"order":9007199254740993,"data":{"n":9007199254740991}}';
    expect((await post(body, { 'content-type': 'application/json' })).status).toBe(200);
    expect(written).toEqual([
      { trace_id: '7660829067201366963', data: { order: '9007199254740993', n: 9007199254740991 } },
    ]);
  });
});
