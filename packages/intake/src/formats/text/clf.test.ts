import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClfLine } from './clf.js';

const COMBINED =
  '83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /images/search.png?v=1 HTTP/1.1" 200 203023 "http://example.com/" "Mozilla/5.0 (X11; Linux)"';

function entryOf(line: string) {
  const parsed = parseClfLine(line);
  if ('refused' in parsed) throw new Error(parsed.refused.message);
  return parsed.entry;
}

describe('parseClfLine', () => {
  test('reads Combined Log Format', () => {
    expect(parseClfLine(COMBINED)).toEqual({
      entry: {
        kind: 'request',
        timestamp: Date.parse('2015-05-17T10:05:03Z'),
        client_ip: '83.149.9.216',
        method: 'GET',
        path: '/images/search.png?v=1',
        status_code: 200,
        bytes_sent: 203023,
        referrer: 'http://example.com/',
        user_agent: 'Mozilla/5.0 (X11; Linux)',
        data: { protocol: 'HTTP/1.1' },
      },
    });
  });

  test('reads Common Log Format, with a name for the host, a user, and nothing sent', () => {
    const entry = entryOf('pc.example.com id1 Jane Doe [10/Oct/2000:13:55:36 -0700] "HEAD / HTTP/1.0" 304 -');
    expect(entry).toMatchObject({
      client_hostname: 'pc.example.com',
      user_id: 'Jane Doe',
      status_code: 304,
      data: { ident: 'id1', protocol: 'HTTP/1.0' },
    });
    expect(entry.client_ip).toBeUndefined();
    expect(entry.bytes_sent).toBeUndefined();
  });

  test('reads the virtual host before the line, and keeps what follows the user agent', () => {
    const entry = entryOf(`www.example.com:443 ${COMBINED} "203.0.113.9" 0.005`);
    expect(entry).toMatchObject({ proxy_hostname: 'www.example.com', client_ip: '83.149.9.216' });
    expect(entry.data).toEqual({ protocol: 'HTTP/1.1', extra: '"203.0.113.9" 0.005' });
  });

  test('takes a user agent without its closing quote to the end of the line, and says so', () => {
    const parsed = parseClfLine(
      '46.118.127.106 - - [20/May/2015:12:05:17 +0000] "GET /a.py HTTP/1.1" 200 235 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html',
    );
    expect(parsed).toMatchObject({
      entry: { user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html' },
      repaired: { code: 'unclosed_quote', message: 'user_agent has no closing quote' },
    });
  });

  test.each(['-', '\\x16\\x03\\x01', 'GET', 'Hello /', ' ', 'GET  HTTP/1.1'])(
    'imports the request line %j, which is none, as it was written',
    (line) => {
      const entry = entryOf(`10.0.0.1 - - [17/May/2015:10:05:03 +0000] "${line}" 400 226`);
      expect(entry).toMatchObject({ status_code: 400, data: { request_line: line } });
      expect(entry.method ?? entry.path).toBeUndefined();
    },
  );

  test('undoes the escapes of Apache, and leaves bytes that are no UTF-8 as written', () => {
    const entry = entryOf(
      '10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a\\"b HTTP/1.1" 200 1 "http://\\xe4\\xe5/" "\\xc3\\xa4 \\\\ \\t"',
    );
    expect(entry).toMatchObject({ path: '/a"b', referrer: 'http://\\xe4\\xe5/', user_agent: 'ä \\ \t' });
  });

  test.each([
    ['nothing of the kind', 'unknown_format'],
    ['10.0.0.1 - - [31/Feb/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1', 'invalid_time'],
    ['10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1 200 1', 'malformed'],
    ['10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200', 'malformed'],
  ])('refuses %j as %s', (line, code) => {
    expect(parseClfLine(line)).toMatchObject({ refused: { code } });
  });

  test('reads back any line as Apache would write it', () => {
    const token = fc.stringMatching(/^[!-Z^-~]{1,20}$/);
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 30 })
      .map((s) => s.replace(/\p{Cs}/gu, '').trim());
    const said = text.filter((s) => s !== '' && s !== '-' && s !== '""');
    const entries = fc.record({
      ip: fc.ipV4(),
      seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
      offset: fc.integer({ min: -14 * 60, max: 14 * 60 }),
      user: token.filter((s) => s !== '-' && !s.includes('[')),
      method: fc.constantFrom('GET', 'POST', 'PROPFIND'),
      path: said.map((s) => `/${s}`),
      status: fc.integer({ min: 100, max: 599 }),
      bytes: fc.nat(),
      referrer: said,
      agent: said,
    });
    fc.assert(
      fc.property(entries, (e) => {
        const line = `${e.ip} - ${apache(e.user)} [${clfTime(e.seconds, e.offset)}] "${e.method} ${apache(e.path)} HTTP/1.1" ${e.status} ${e.bytes} "${apache(e.referrer)}" "${apache(e.agent)}"`;
        expect(entryOf(line)).toEqual({
          kind: 'request',
          timestamp: e.seconds * 1000,
          client_ip: e.ip,
          user_id: e.user === '""' ? undefined : e.user,
          method: e.method,
          path: e.path,
          status_code: e.status,
          bytes_sent: e.bytes,
          referrer: e.referrer,
          user_agent: e.agent,
          data: { protocol: 'HTTP/1.1' },
        });
      }),
    );
  });
});

/** As `ap_escape_logitem` writes text. */
function apache(text: string): string {
  const short: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };
  return Array.from(text, (character) => {
    if (short[character]) return short[character];
    if (/[ -~]/.test(character)) return character;
    return Buffer.from(character).toString('hex').replace(/../g, '\\x$&');
  }).join('');
}

function clfTime(seconds: number, offsetMinutes: number): string {
  const iso = new Date((seconds + offsetMinutes * 60) * 1000).toISOString();
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:]+)/.exec(iso) as unknown as string[];
  const name = new Date(`2000-${month}-01T00:00Z`).toLocaleString('en-US', {
    month: 'short',
    timeZone: 'UTC',
  });
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${day}/${name}/${year}:${time} ${offsetMinutes < 0 ? '-' : '+'}${pad(hours)}${pad(minutes)}`;
}
