import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, replyError, replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const APACHE_LOGS = findUpwards('shared/data/apache_logs');
const MINUTE_MS = 60_000;
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
        '  unknown_format, line 2: of no format that is known here',
        '    garbage',
        '  entry_too_old, line 4: too old',
        `    ${clfLine(2)}`,
        'old lines are refused because they are past their retention; --rebase-to-now moves them to today, --archive-class keeps them as they are',
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
      stderr:
        'tailrace: cannot read the input: its gzip is cut off; what could be read was imported, but for the last line\n',
    });
    expect(entries.length).toBeGreaterThan(1900);
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
    expect(stdout).toContain('refused_by_gateway, line 4: [3].path: is bad');
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

  test('shows the formats there are, and refuses one there is not', async () => {
    const list = await run(['import', '--list-formats']);
    expect(list.exitCode).toBe(0);
    expect(list.stdout).toMatch(/^clf +Common and Combined/m);
    expect(list.stdout).toMatch(/^kubernetes-cri +/m);
    const wrong = await run(['import', '-', '--format', 'nonsense']);
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(wrong.stderr).toMatch(/^tailrace: the format is "nonsense"; allowed: docker-json-file, /);
    expect((await run(['import', '-', '--time-zone', 'Mars/Crater'])).exitCode).toBe(2);
    expect((await run(['import'])).exitCode).toBe(2);
  });

  test('--format forces one, --time-zone is that of times without an offset', async () => {
    const { entries } = await importText('[Wed Jul 01 12:00:00 2026] [error] text', [
      '--time-zone',
      'Europe/Vienna',
    ]);
    expect(entries[0].timestamp).toBe(Date.parse('2026-07-01T10:00:00Z'));
    expect((await importText('any text', ['--format', 'plain-text'])).entries).toMatchObject([
      { message: 'any text' },
    ]);
  });

  test('imports several files and patterns, each file once, and names the file of a refused line', async () => {
    await writeFile(join(folder, 'one.part'), `${clfLine(1, '/one')}\n`);
    await writeFile(join(folder, 'two.part.gz'), gzipSync(`${clfLine(2, '/two')}\nrubbish\n`));
    await using gateway = await startFakeGateway();
    const paths = [join(folder, '*.part*'), join(folder, 'one.part')];
    const { stdout } = await run(['import', ...paths, '--url', gateway.url]);
    expect(stdout).toContain('3 lines read, 2 imported, 1 refused');
    expect(stdout).toContain(`unknown_format, ${join(folder, 'two.part.gz')}, line 2: `);
    expect(gateway.requests.flatMap(({ body }) => JSON.parse(body)).map(({ path }) => path)).toEqual([
      '/one',
      '/two',
    ]);
    expect((await run(['import', join(folder, '*.nothing')])).stderr).toMatch(/^tailrace: no file matches /);
  });

  test('goes on with the next file after one that is cut off, and fails in the end', async () => {
    const packed = gzipSync(`${clfLine(1)}\n${clfLine(2)}\n`);
    const [cut, whole] = [join(folder, 'cut.gz'), join(folder, 'whole.log')];
    await writeFile(cut, packed.subarray(0, packed.length - 9));
    await writeFile(whole, clfLine(3, '/whole'));
    await using gateway = await startFakeGateway();
    const { exitCode, stderr } = await run(['import', cut, whole, '--url', gateway.url]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('its gzip is cut off'),
    });
    expect(gateway.requests.map(({ body }) => JSON.parse(body).length)).toEqual([2, 1]);
  });

  test('--rebase-to-now passes over a line dated ahead, and names the time in the file of what is refused', async () => {
    const future = clfLine(1).replace('2015', '2036');
    const tooOld: Answer = (_, response) => {
      const refused = [{ index: 0, code: 'entry_too_old', message: 'timestamp is older than 7 days' }];
      return replyJson(response, 201, { accepted: 2, ids: [null, 'log:1:a:b', 'log:1:a:c'], refused });
    };
    const before = Date.now();
    const { entries, stdout } = await importText(
      [clfLine(1), future, clfLine(30)].join('\n'),
      ['--rebase-to-now'],
      tooOld,
    );
    expect(entries[2].timestamp).toBeGreaterThanOrEqual(before);
    expect(entries[2].timestamp).toBeLessThan(before + MINUTE_MS);
    expect(stdout).toContain('older than 7 days (in the file: 2015-05-17T10:05:01.000Z)');
  });

  test.skipIf(APACHE_LOGS === undefined)(
    'reads the 10,000 real lines of shared/data/apache_logs (skipped where there are none beside the checkout)',
    async () => {
      await using gateway = await startFakeGateway();
      const { stdout } = await run([
        'import',
        APACHE_LOGS as string,
        '--rebase-to-now',
        '--url',
        gateway.url,
      ]);
      expect(stdout.split('\n').slice(0, 3)).toEqual([
        '10,000 lines read, 10,000 imported, 0 refused',
        'imported, but repaired: 1 unclosed_quote',
        '  unclosed_quote, line 8899: user_agent has no closing quote',
      ]);
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

/** The path in the folder of this file or in one above it. */
function findUpwards(path: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (dirname(folder) === folder) return undefined;
  }
}
