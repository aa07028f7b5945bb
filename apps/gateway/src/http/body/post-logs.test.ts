import type { EntryWriter } from '@tailrace/writer';
import { describe, expect, test } from 'vitest';
import { errorOf, openApp } from '../../testing/open-app.js';

describe('POST /logs', () => {
  test.each([
    ['{"level":"loud"}', 'level', 'level is "loud": must be one of TRACE, DEBUG, INFO'],
    [
      '[{},{"status_code":999}]',
      '[1].status_code',
      '[1].status_code is 999: must be a whole number from 100 to 599',
    ],
    ['{"client_ip":"1.2.3"}', 'client_ip', 'client_ip is "1.2.3": must be an IPv4 or IPv6 address'],
    ['{"timestamp":"yesterday"}', 'timestamp', 'must be epoch milliseconds or an ISO 8601'],
    ['{"data":[1]}', 'data', 'data is [1]'],
    ['{"error":{"type":"E","message":1}}', 'error.message', 'error.message is 1'],
    ['{"message":{"a":1}}', 'message', 'message is {"a":1}'],
    ['7', undefined, 'the body is 7; allowed: an entry, as a JSON object'],
    ['[null]', '[0]', '[0] is null; allowed: an entry'],
    ['[[]]', '[0]', '[0] is []; allowed: an entry'],
  ])('%s is no entry', async (body, field, message) => {
    const { post, written } = openApp();
    const error = await errorOf(await post(body));
    expect(error).toMatchObject({ status: 400, code: 'invalid_entry' });
    expect(error.field).toBe(field);
    expect(error.message).toContain(message);
    expect(written).toEqual([]);
  });

  test.each([
    ['of plain text', 'hello', 'the body is no JSON'],
    ['of nothing', '', 'the body is no JSON'],
    ['cut off', '{"a":1', 'the body is no JSON'],
    ['of 1,001 entries', `[${'{},'.repeat(1_000)}{}]`, 'the body has 1001 entries; allowed: 1000'],
    ['of 100,000 brackets', '['.repeat(100_000), 'nested too deep; allowed: 64 levels'],
    ['with data of 65 levels', `{"data":${'{"a":'.repeat(64)}1${'}'.repeat(64)}}`, 'nested too deep'],
  ])('a body %s is refused', async (_, body, message) => {
    const error = await errorOf(await openApp().post(body));
    expect(error).toMatchObject({ status: 400, code: 'invalid_body' });
    expect(error.message).toContain(message);
  });

  test.each([
    '',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/x-www-form-urlencoded;a=+json',
    'multipart/form-data; boundary=+json',
    'text/plain, application/json',
    'application/x; application/json',
    'application/ json',
  ])('content-type %j is a 415', async (type) => {
    const error = await errorOf(await openApp().post('{}', type));
    expect(error).toMatchObject({ status: 415, code: 'unsupported_media_type', field: 'content-type' });
    expect(error.message).toContain('allowed: application/json');
  });

  test('a body over 10 MB is a 413 before it is read to its end', async () => {
    const { app } = openApp();
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(1 << 20).fill(0x20));
      },
    });
    const init = {
      method: 'POST',
      body: endless,
      duplex: 'half' as const,
      headers: { 'content-type': 'application/json' },
    };
    const error = await errorOf(await app.request(new Request('http://localhost/logs', init)));
    expect(error).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(sent).toBeLessThan(15);
  });

  test.each(['application/json', 'Application/JSON ; charset=utf-8', 'application/vnd.a-b+json'])(
    'content-type %j is JSON',
    async (type) => expect((await openApp().post('{}', type)).status).toBe(200),
  );

  test.each([
    ['of a million objects', `{"data":{"x":[${'{},'.repeat(1_000_000)}{}]}}`],
    ['of a million keys', `{${'"k":1,'.repeat(1_000_000)}"k":1}`],
    ['with one entry of 20,001 values', `[{"message":"m"},{"data":[${'1,'.repeat(20_000)}1]}]`],
    ['of 1,000 entries and more than 200,000 values', `[${`{"a":[${'0,'.repeat(250)}0]},`.repeat(999)}{}]`],
  ])('a body %s is refused before any schema sees it', async (_, body) => {
    const { post, written } = openApp();
    const error = await errorOf(await post(body));
    expect(error).toMatchObject({ status: 400, code: 'invalid_body' });
    expect(error.message).toContain('too many values; allowed: ');
    expect(written).toEqual([]);
  });

  test('as many bytes of bodies are held as there is room for; more is a 429 with Retry-After', async () => {
    const { app } = openApp({ maxHeldBodyBytes: 100 });
    const headers = { 'content-type': 'application/json' };
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (its) => {
        controller = its;
      },
    });
    const init = { method: 'POST', body, duplex: 'half' as const, headers };
    const first = app.request(new Request('http://localhost/logs', init));
    controller?.enqueue(Buffer.from(`{"message":"${'x'.repeat(60)}`));
    await new Promise((resolve) => setImmediate(resolve));
    const second = await app.request('/logs', {
      method: 'POST',
      body: `{"message":"${'y'.repeat(40)}"}`,
      headers,
    });
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await errorOf(second)).toMatchObject({ status: 429, code: 'too_many_requests' });
    expect((await app.request('/logs', { method: 'POST', body: '{"message":"z"}', headers })).status).toBe(
      200,
    );
    controller?.enqueue(Buffer.from('"}'));
    controller?.close();
    expect((await first).status).toBe(200);
    for (const body of ['{"message":"z"}', 'no JSON', `{"message":"${'y'.repeat(80)}"}`]) {
      expect((await app.request('/logs', { method: 'POST', body, headers })).status).not.toBe(429);
    }
  });

  test('fields an entry does not have go into data, and null means absent', async () => {
    const { post, written } = openApp();
    const body =
      '{"message":"m","user_id":null,"id":"x","extra":1,"constructor":2,"__proto__":{"a":1},"data":{"b":[true]}}';
    expect((await post(body, 'application/json; charset=utf-8')).status).toBe(200);
    expect(written).toEqual([{ message: 'm', data: { id: 'x', extra: 1, constructor: 2, b: [true] } }]);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  test('brackets in texts are not nesting', async () => {
    expect(
      (await openApp().post(JSON.stringify({ message: `${'['.repeat(100)}\\"${'{'.repeat(100)}` }))).status,
    ).toBe(200);
  });

  test('an entry refused for its age is a 400 alone and is listed in an array', async () => {
    const refused = { code: 'entry_too_old', message: 'too old' } as const;
    const writer: EntryWriter = {
      write: async (entries) =>
        entries.map(({ message }) => (message === 'old' ? { refused } : { id: 'log:1:app:a' })),
      close: async () => {},
    };
    const { post } = openApp({ writer });
    expect(await errorOf(await post('{"message":"old"}'))).toMatchObject({
      status: 400,
      code: 'entry_too_old',
      field: 'timestamp',
    });
    expect(await (await post('[{"message":"old"},{"message":"new"}]')).json()).toEqual({
      accepted: 1,
      ids: [null, 'log:1:app:a'],
      refused: [{ index: 0, ...refused }],
    });
  });
});
