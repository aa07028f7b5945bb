import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { useNodeServers } from './testing/node-server.js';

const servers = useNodeServers();

describe('options', () => {
  test('`fields` are asked for when the request is over', async () => {
    const users = new WeakMap<object, string>();
    const url = await servers.serve(
      (request, response) => {
        users.set(request, 'alice');
        response.end();
      },
      { fields: (request) => ({ user_id: users.get(request), session_id: 's-1', plan: 'gold' }) },
    );
    await fetch(url);
    expect(await servers.nextRequest()).toMatchObject({
      user_id: 'alice',
      session_id: 's-1',
      data: { plan: 'gold' },
    });
  });

  test('`skip` and `sample` leave requests out, but no failed one by chance', async () => {
    const url = await servers.serve(
      (request, response) => response.writeHead(Number(request.url?.slice(1))).end(),
      {
        sample: 0,
        skip: (_, { status_code }) => status_code === 404,
      },
    );
    for (const status of [200, 302, 404, 403, 500]) await fetch(`${url}/${status}`, { redirect: 'manual' });
    await servers.recorder.waitFor({ status_code: 500 });
    expect(servers.recorder.entries.map(({ status_code }) => status_code)).toEqual([403, 500]);
  });

  test('`slowMs` makes a slow request a warning that no sampling leaves out', async () => {
    const url = await servers.serve((_, response) => void setTimeout(() => response.end(), 15), {
      sample: 0,
      slowMs: 10,
    });
    await fetch(url);
    expect(await servers.nextRequest()).toMatchObject({ status_code: 200, level: 'WARNING' });
  });

  test('`captureHeaders` logs the named headers of both sides, secrets redacted', async () => {
    const url = await servers.serve((_, response) => response.setHeader('x-cache', 'hit').end(), {
      captureHeaders: ['Accept-Language', 'Authorization', 'X-Cache', 'X-Missing'],
    });
    const headers = { 'accept-language': 'de', authorization: 'Bearer abcdefghijklmnop', 'x-other': '1' };
    await fetch(url, { headers });
    expect((await servers.nextRequest()).data).toEqual({
      request_headers: { 'accept-language': 'de', authorization: expect.stringContaining('[redacted]') },
      response_headers: { 'x-cache': 'hit' },
    });
  });

  test('`captureBody` logs both bodies, secrets redacted, and changes neither', async () => {
    const url = await servers.serve(
      async (request, response) => {
        const { user } = JSON.parse((await request.toArray()).join(''));
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ user, access_token: 'abc' }));
      },
      { captureBody: 'both' },
    );
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'alice', password: 'hunter2' }),
    });
    expect(await answer.json()).toEqual({ user: 'alice', access_token: 'abc' });
    expect((await servers.nextRequest()).data).toMatchObject({
      request_body: { user: 'alice', password: '[redacted]' },
      response_body: { user: 'alice', access_token: '[redacted]' },
    });
  });

  test.each([
    ['application/json', `{"password":"hunter2${'x'.repeat(100)}"}`, '[122 bytes of application/json]'],
    ['application/json', 'null and void', '[13 bytes of application/json]'],
    ['application/x-www-form-urlencoded', 'a=1&client_secret=xyz', { a: '1', client_secret: '[redacted]' }],
    ['text/plain', 'ä'.repeat(100), `${'ä'.repeat(31)}…`],
    ['image/png', 'xxx', '[3 bytes of image/png]'],
    ['text/plain; charset=utf-8', 'short', 'short'],
  ])('`maxBodyBytes` bounds a body of %s', async (type, body, logged) => {
    const consume: RequestListener = (request, response) =>
      void request.resume().on('end', () => response.end());
    const url = await servers.serve(consume, { captureBody: 'request', maxBodyBytes: 63 });
    await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await servers.nextRequest()).data?.request_body).toEqual(logged);
  });

  test('a packed body is no text', async () => {
    const packed = gzipSync('x'.repeat(100));
    const url = await servers.serve(
      (_, response) =>
        response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(packed),
      { captureBody: 'response' },
    );
    expect(await (await fetch(url)).text()).toBe('x'.repeat(100));
    expect((await servers.nextRequest()).data?.response_body).toBe(`[${packed.length} bytes of text/plain]`);
  });
});
