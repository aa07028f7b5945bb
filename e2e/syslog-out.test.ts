import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { quietPort } from './testing/quiet-port.js';
import { GATEWAY_MAIN } from './testing/repository.js';
import { rsyslogAbsence } from './testing/rsyslog.js';
import { environmentWith } from './testing/settings.js';
import { describeUnless } from './testing/test-unless.js';

const POLL = { timeout: 40_000, interval: 250 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-syslog-out-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Debian's rsyslog, which writes what it receives over TCP into a file, a message a line. */
async function startReceiver(port: number, file: string): Promise<() => Promise<void>> {
  const path = `${file}.conf`;
  const configuration = [
    `global(workDirectory="${folder}" net.enableDNS="off" maxMessageSize="64k")`,
    'module(load="imtcp")',
    'template(name="whole" type="string" string="%syslogfacility-text%.%syslogseverity-text% %app-name% %msg%\\n")',
    `input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="out")`,
    `ruleset(name="out") { action(type="omfile" file="${file}" template="whole") }`,
  ].join('\n');
  await writeFile(path, `${configuration}\n`);
  const child = spawn('rsyslogd', ['-n', '-f', path, '-i', `${file}.pid`], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) break;
    if (child.exitCode !== null) throw new Error(`rsyslogd ended with ${child.exitCode}`);
    await setTimeout(50);
  }
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}

async function write(gateway: GatewayProcess, entries: readonly object[]): Promise<void> {
  const response = await fetch(`${gateway.url}/logs`, {
    method: 'POST',
    body: JSON.stringify(entries),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(200);
}

const linesOf = async (file: string) =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);

describeUnless(
  rsyslogAbsence ?? (hasRedisServer ? undefined : 'there is no redis-server'),
  'syslog that is sent to rsyslog',
  () => {
    let engine: RedisServer;
    beforeAll(async () => {
      engine = await startRedisServer();
    });
    afterAll(() => engine?.stop());

    test('has every entry of the filter at least once, over restarts of rsyslog and of the gateway, killed ones too', async () => {
      const [port, file] = [quietPort(), join(folder, 'received')];
      const settings = {
        REDIS_URL: engine.url,
        SYSLOG_OUT: `tcp://127.0.0.1:${port}`,
        SYSLOG_OUT_FILTER: 'component=out&min_level=INFO',
        SYSLOG_OUT_STATE: join(folder, 'position'),
      };
      let stopReceiver = await startReceiver(port, file);
      let gateway = await startGatewayProcess(settings);
      await expect
        .poll(() => readFile(settings.SYSLOG_OUT_STATE, 'utf8').catch(() => ''), POLL)
        .toMatch(/^\d+-\d+\n$/);
      let number = 0;
      const writeSome = async (batches: number) => {
        for (let batch = 0; batch < batches; batch++) {
          const entries = Array.from({ length: 100 }, () => ({
            component: 'out',
            message: `number ${number++}`,
          }));
          await write(gateway, [
            ...entries,
            { component: 'out', level: 'DEBUG', message: 'not wanted' },
            { component: 'other', message: 'not wanted' },
          ]);
        }
      };
      await writeSome(5);
      await stopReceiver();
      await writeSome(3);
      stopReceiver = await startReceiver(port, file);
      await writeSome(3);
      await gateway.stop();
      gateway = await startGatewayProcess(settings);
      await writeSome(3);
      process.kill(gateway.pid, 'SIGKILL');
      await stopReceiver();
      gateway = await startGatewayProcess(settings);
      await writeSome(3);
      stopReceiver = await startReceiver(port, file);
      await writeSome(1);
      const messages = async () =>
        (await linesOf(file)).map((line) => /"message":"number (\d+)"/.exec(line)?.[1]);
      await expect.poll(async () => new Set(await messages()).size, POLL).toBe(number);
      const lines = await linesOf(file);
      expect(lines.filter((line) => line.includes('not wanted'))).toEqual([]);
      expect(lines[0]).toMatch(/^local0\.info out \{"id":"log:/);
      const firsts = [...new Set(await messages())].map(Number);
      expect(firsts).toEqual(Array.from({ length: number }, (_, i) => i));
      await gateway.stop();
      await stopReceiver();
    }, 150_000);
  },
);

test('CEF goes over TLS to whoever has a certificate of the authority, and to nobody else', async () => {
  const names = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  execFileSync('openssl', [...args, '-keyout', names.key, '-out', names.cert], { stdio: 'ignore' });
  let received = '';
  const sockets = new Set<Socket>();
  const server = createTlsServer(
    { key: await readFile(names.key), cert: await readFile(names.cert) },
    (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        received += chunk;
      });
    },
  );
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const settings = {
    SYSLOG_OUT: `tls://localhost:${port}`,
    SYSLOG_OUT_BODY: 'cef',
    DATA_DIR: join(folder, 'data'),
  };
  const stranger = await startGatewayProcess({ ...settings, SYSLOG_OUT_STATE: join(folder, 'other') });
  await write(stranger, [{ message: 'secret' }]);
  const gateway = await startGatewayProcess({
    ...settings,
    DATA_DIR: join(folder, 'own'),
    SYSLOG_OUT_CA: names.cert,
  });
  await expect.poll(() => sockets.size, POLL).toBeGreaterThan(0);
  await expect
    .poll(() => readFile(join(folder, 'own', 'syslog-out'), 'utf8').catch(() => ''), POLL)
    .not.toBe('');
  await write(gateway, [
    {
      level: 'AUDIT',
      component: 'bil ling',
      event: 'plan|changed',
      message: 'a=b|c\\d\nnext',
      client_ip: '192.0.2.7',
      user_id: 'ann',
    },
  ]);
  await expect.poll(() => received, POLL).toContain('CEF:0');
  expect(received).toMatch(
    /^\d+ <109>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ bil_ling - plan\|changed - CEF:0\|Tailrace\|Gateway\|[\d.]+\|plan\\\|changed\|a=b\\\|c\\\\d next\|5\|/,
  );
  expect(received).toMatch(/ src=192\.0\.2\.7 suser=ann /);
  expect(received).toMatch(/msg=a\\=b\|c\\\\d\\nnext$/);
  const [length = '', rest = ''] = [received.split(' ', 1)[0], received.slice(received.indexOf(' ') + 1)];
  expect(Buffer.byteLength(rest)).toBe(Number(length));
  expect(received).not.toContain('secret');
  await gateway.stop();
  await stranger.stop();
  for (const socket of sockets) socket.destroy();
  server.close();
}, 60_000);

test('a receiver that is slow, says something, or ends at once costs no entry and holds up nobody', async () => {
  const messages = new Set<string>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const isFirst = connections <= 3;
    socket.on('error', () => undefined);
    socket.write('hello\n');
    if (isFirst) socket.end();
    let text = '';
    socket.on('data', (chunk) => {
      if (isFirst) return;
      text += chunk;
      for (const [, message = ''] of text.matchAll(/"message":"(slow \d+)"/g)) messages.add(message);
      text = text.slice(-200);
      socket.pause();
      void setTimeout(5).then(() => socket.resume());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const gateway = await startGatewayProcess({
    DATA_DIR: join(folder, 'slow'),
    SYSLOG_OUT: `tcp://127.0.0.1:${port}`,
    SYSLOG_OUT_FILTER: 'component=slow',
  });
  await expect
    .poll(() => readFile(join(folder, 'slow', 'syslog-out'), 'utf8').catch(() => ''), POLL)
    .not.toBe('');
  for (let i = 0; i < 5; i++) {
    await write(
      gateway,
      Array.from({ length: 200 }, (_, n) => ({
        component: 'slow',
        message: `slow ${i * 200 + n}`,
        data: { text: 'x'.repeat(500) },
      })),
    );
  }
  await expect.poll(() => messages.size, POLL).toBe(1_000);
  await gateway.stop();
  server.close();
}, 90_000);

test.each([
  [{ SYSLOG_OUT: 'udp://127.0.0.1:514' }, 'SYSLOG_OUT is'],
  [{ SYSLOG_OUT: 'tcp://127.0.0.1:514', SYSLOG_OUT_FILTER: 'levle=x' }, 'SYSLOG_OUT_FILTER'],
  [{ SYSLOG_OUT: 'tcp://127.0.0.1:514', SYSLOG_OUT_BODY: 'xml' }, 'SYSLOG_OUT_BODY'],
  [{ SYSLOG_OUT: 'tls://127.0.0.1:514', SYSLOG_OUT_CA: '/nothing' }, 'SYSLOG_OUT_CA'],
  [{ SYSLOG_OUT: 'tcp://127.0.0.1:514', DATA_DIR: '' }, 'SYSLOG_OUT_STATE'],
])('%j ends the start, and %s is named', async (settings, named) => {
  const { code, stderr } = await runProcess(process.execPath, [GATEWAY_MAIN], {
    env: environmentWith({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: join(folder, 'refused'), ...settings }),
  });
  expect(code).toBe(1);
  expect(stderr).toContain(named);
});
