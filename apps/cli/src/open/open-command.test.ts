import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Answer, replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

/** A gateway with a console at `/`, or without one. */
function answering(hasConsole: boolean): Answer {
  return ({ url }, response) => {
    if (url.pathname === '/health') return replyJson(response, 200, { status: 'ok' });
    response.writeHead(hasConsole ? 200 : 404).end();
    return true;
  };
}

test.each([
  [true, '/'],
  [false, '/docs'],
])('prints the address of the page: console %j, %s', async (hasConsole, path) => {
  await using gateway = await startFakeGateway([], answering(hasConsole));
  expect(await run(['open', '--url', gateway.url])).toEqual({
    exitCode: 0,
    stdout: `${gateway.url}${path}\n`,
    stderr: '',
  });
});

test.runIf(process.platform === 'linux')('opens it in the browser on a terminal', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-open-'));
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > '${folder}/opened'\n`);
  await chmod(join(folder, 'xdg-open'), 0o755);
  await using gateway = await startFakeGateway([], answering(true));
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, TAILRACE_URL: gateway.url };
  expect((await run(['open'], { env, terminal: true })).exitCode).toBe(0);
  expect(await readFile(join(folder, 'opened'), 'utf8')).toBe(`${gateway.url}/`);
  await rm(folder, { recursive: true });
});

test('says so when no gateway answers', async () => {
  const { exitCode, stderr } = await run(['open', '--url', 'http://127.0.0.1:9']);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('no gateway answers')]);
});
