import { expect, test } from 'vitest';
import { run } from '../testing/run.js';

/** What `tailrace complete` prints, without what it says of each. */
async function complete(...words: string[]): Promise<string[]> {
  const { exitCode, stdout } = await run(['complete', '--', ...words]);
  expect(exitCode).toBe(0);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t')[0] ?? '');
}

test.each([
  [['st'], ['status', 'stats']],
  [
    ['logs', '--min'],
    ['--min-level', '--min-ms'],
  ],
  [['logs', '--level', 'er'], ['ERROR']],
  [['logs', '--level=', ''], []],
  [['logs', '--level=W'], ['--level=WARNING']],
  [['logs', '--level', '=', 'W'], ['WARNING']],
  [
    ['logs', '--not-outcome', '='],
    ['success', 'failure'],
  ],
  [
    ['top', ''],
    ['path', 'ip', 'host', 'user'],
  ],
  [['top', '--url', 'http://x', 'p'], ['path']],
  [['completion', 'z'], ['zsh']],
  [['token', ''], ['create']],
  [
    ['method', 'P'],
    ['POST', 'PUT', 'PATCH'],
  ],
  [
    ['export', '--format', ''],
    ['ndjson', 'csv', 'splunk', 'elasticsearch', 'gcp', 'aws'],
  ],
  [
    ['logs', '--not-host'],
    ['--not-host', '--not-hostname'],
  ],
  [['import', ''], []],
  [['ip', '192.0.2.1', '--js'], ['--json']],
])('%j is completed by %j', async (words, wanted) => {
  expect(await complete(...words)).toEqual(wanted);
});

test('without a word every command is there, and no flag', async () => {
  const words = await complete('');
  expect(words).toEqual(expect.arrayContaining(['logs', 'follow', 'serve', 'doctor', 'completion']));
  expect(words.filter((word) => word.startsWith('-'))).toEqual([]);
  expect(await complete()).toEqual(words);
});

test('contraries of filters are shown only when they are begun', async () => {
  expect((await complete('logs', '--')).filter((word) => word.startsWith('--not-'))).toEqual([]);
});
