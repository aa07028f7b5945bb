import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, replyError, replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const APACHE_LOGS = new URL('../../../../../shared/data/apache_logs', import.meta.url);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

function clfLine(second: number, path = '/'): string {
  return `10.0.0.1 - - [17/May/2015:10:05:${String(second).padStart(2, '0')} +0000] "GET ${path} HTTP/1.1" 200 1`;
}

async function importText(stdin: string | Buffer, flags: string[] = [], answer?: Answer) {
  await using gateway = await startFakeGateway([], answer);
  const result = await run(['import', '-', '--url', gateway.url, ...flags], { stdin });
  const entries = gateway.requests.flatMap(({ body }) => JSON.parse(body));
  return { ...result, entries, requests: gateway.requests };
}

describe('tailrace import', () => {
  test('posts every line as an entry, in batches, and counts them', async () => {
    const lines = Array.from({ length: 1201 }, (_, i) => clfLine(1, `/${i}`)).join('\n');
    const { exitCode, stdout, entries, requests } = await importText(lines);
    expect(stdout).toBe('1,201 lines read, 1,201 imported, 0 refused\n');
    expect(exitCode).toBe(0);
    expect(requests.map(({ body }) => JSON.parse(body).length).sort()).toEqual([201, 500, 500]);
    expect(new Set(entries.map((entry) => entry.path)).size).toBe(1201);
  });

  test('makes requests to OAuth endpoints steps of flows when asked to', async () => {
    const paths = ['/authorize?client_id=web&state=s1', '/callback?code=c1&state=s1', '/callback', '/orders'];
    const lines = paths.map((path, i) => clfLine(i, path)).join('\n');
    expect((await importText(lines)).entries.filter(({ event }) => event !== undefined)).toEqual([]);
    const { entries } = await importText(lines, ['--oauth']);
    expect(
      entries.map(({ event, outcome, client_id, data }) => [event, outcome, client_id, data.oauth]),
    ).toEqual([
      ['oauth.authorize', undefined, 'web', { state: 's1' }],
      ['oauth.callback', 'success', undefined, { state: 's1', code: 'c1' }],
      [undefined, undefined, undefined, undefined],
      [undefined, undefined, undefined, undefined],
    ]);
  });

  test('names the lines that were refused, by the importer and by the gateway, and goes on', async () => {
    const refusesSecond: Answer = (seen, response) => {
      const count = JSON.parse(seen.body).length;
      const refused = [{ index: 1, code: 'entry_too_old', message: 'too old' }];
      return replyJson(response, 201, { accepted: count - 1, ids: [], refused });
    };
    const file = join(folder, 'refused.jsonl');
    const input = [clfLine(1), 'garbage', '', clfLine(2), clfLine(3)].join('\n');
    const { exitCode, stdout } = await importText(input, ['--refused', file], refusesSecond);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        '4 lines read, 2 imported, 2 refused',
        'refused: 1 unknown_format, 1 entry_too_old',
        '  line 2: neither JSON nor Common or Combined Log Format',
        '  line 4: too old',
        'old lines are refused because they are past their retention; --rebase-to-now moves them to today',
        '',
      ].join('\n'),
    );
    const written = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(written.map(({ line, code, text }) => [line, code, text])).toEqual([
      [2, 'unknown_format', 'garbage'],
      [4, 'entry_too_old', clfLine(2)],
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('fails when nothing could be imported, and with --strict when any line was refused', async () => {
    expect(await importText('garbage')).toMatchObject({
      exitCode: 1,
      stderr: 'tailrace: no line was imported\n',
    });
    expect(await importText(`garbage\n${clfLine(1)}`, ['--strict'])).toMatchObject({ exitCode: 1 });
    expect(await importText('')).toMatchObject({
      exitCode: 0,
      stdout: '0 lines read, 0 imported, 0 refused\n',
    });
  });

  test.each([
    ['a file', async (text: string) => ({ path: join(folder, 'plain.log'), text })],
    ['standard input', async (text: string) => ({ path: '-', text })],
  ])('--rebase-to-now moves the newest line of %s to now, the others by the same span', async (_, place) => {
    const { path, text } = await place(
      [clfLine(5), clfLine(30), '{"msg":"no time"}', clfLine(20)].join('\n'),
    );
    if (path !== '-') await writeFile(path, text);
    await using gateway = await startFakeGateway();
    const before = Date.now();
    await run(['import', path, '--rebase-to-now', '--url', gateway.url], { stdin: text });
    const after = Date.now();
    const times = gateway.requests.flatMap(({ body }) => JSON.parse(body)).map((entry) => entry.timestamp);
    expect(times[1]).toBeGreaterThanOrEqual(before);
    expect(times[1]).toBeLessThanOrEqual(after);
    expect(times.map((time) => time - times[1])).toEqual([-25_000, 0, 0, -10_000]);
  });

  test('unpacks gzip', async () => {
    const packed = Buffer.concat([gzipSync(`${clfLine(1)}\n`), gzipSync(clfLine(2))]);
    expect(await importText(packed)).toMatchObject({ stdout: '2 lines read, 2 imported, 0 refused\n' });
  });

  test('imports what it can of damaged gzip, and fails', async () => {
    const packed = gzipSync(Array.from({ length: 2000 }, (_, i) => clfLine(1, `/${Math.sin(i)}`)).join('\n'));
    const { exitCode, stderr, entries } = await importText(packed.subarray(0, packed.length - 100));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'tailrace: cannot read the input: unexpected end of file\n',
    });
    expect(entries.length).toBeGreaterThan(500);
  });

  test('tries again when the gateway is not ready', async () => {
    let times = 0;
    const { stdout, requests } = await importText(clfLine(1), [], (_, response) => {
      times += 1;
      return times < 2 && replyError(response, 503, 'store_unavailable', 'the store is away');
    });
    expect(requests).toHaveLength(2);
    expect(stdout).toContain('1 lines read, 1 imported');
    expect(stdout).toContain('1 sent again after a lost reply');
  });

  test('finds the one line for which the gateway refuses a whole batch', async () => {
    const input = [1, 2, 3, 4, 5]
      .map((second) => clfLine(second, second === 4 ? '/bad' : '/good'))
      .join('\n');
    const { stdout } = await importText(input, [], (seen, response) => {
      return seen.body.includes('/bad') && replyError(response, 400, 'invalid_entry', 'is bad', '[3].path');
    });
    expect(stdout).toContain('5 lines read, 4 imported, 1 refused');
    expect(stdout).toContain('line 4: [3].path: is bad');
  });

  test('stops at once when the gateway does not let it write, and says how far it came', async () => {
    const { exitCode, stdout, stderr, requests } = await importText(clfLine(1), [], (_, response) =>
      replyError(response, 403, 'forbidden', 'needs scope write'),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'tailrace: needs scope write\n' });
    expect(stdout).toContain('1 not confirmed by the gateway, from line 1 on');
    expect(requests).toHaveLength(1);
  });

  test('says what is wrong with a file that cannot be read', async () => {
    const missing = await run(['import', join(folder, 'missing')]);
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
    expect(missing.stderr).toMatch(/^tailrace: cannot read the input: ENOENT/);
    expect((await run(['import', folder])).stderr).toBe(
      'tailrace: cannot read the input: it is a directory\n',
    );
  });

  test.skipIf(!existsSync(APACHE_LOGS))(
    'reads the 10,000 real lines of ../shared/data/apache_logs (skipped where there are none)',
    async () => {
      await using gateway = await startFakeGateway();
      const { stdout } = await run(['import', APACHE_LOGS.pathname, '--rebase-to-now', '--url', gateway.url]);
      expect(stdout).toBe(
        [
          '10,000 lines read, 10,000 imported, 0 refused',
          'imported, but repaired: 1 unclosed_quote',
          '  line 8899: user_agent has no closing quote',
          '',
        ].join('\n'),
      );
      const entries = gateway.requests.flatMap(({ body }) => JSON.parse(body));
      const countOf = (matches: (entry: Record<string, unknown>) => boolean) =>
        entries.filter(matches).length;
      expect(entries).toHaveLength(10_000);
      expect(countOf((entry) => entry.client_ip === '66.249.73.135')).toBe(482);
      expect(countOf((entry) => (entry.status_code as number) >= 400)).toBe(220);
      expect(new Set(entries.map((entry) => entry.client_ip)).size).toBe(1753);
    },
  );
});
