import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { readPage, readPages } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { quietPort } from './testing/quiet-port.js';
import { startRefusingProxy } from './testing/refusing-proxy.js';
import { GATEWAY_MAIN } from './testing/repository.js';
import { rsyslogAbsence, startRsyslog } from './testing/rsyslog.js';
import { environmentWith } from './testing/settings.js';
import { describeUnless, testUnless } from './testing/test-unless.js';

const POLL = { timeout: 20_000, interval: 200 };

let gateway: GatewayProcess;
let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-syslog-'));
  for (const name of ['server', 'client']) {
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
    execFileSync('openssl', [...args, '-keyout', inFolder(`${name}.key`), '-out', inFolder(`${name}.pem`)], {
      stdio: 'ignore',
    });
  }
  gateway = await startGatewayProcess({
    NODE_OPTIONS: '--max-old-space-size=512',
    SYSLOG_TCP: '0',
    SYSLOG_TLS: '0',
    SYSLOG_UDP: '0',
    SYSLOG_TLS_CERT: inFolder('server.pem'),
    SYSLOG_TLS_KEY: inFolder('server.key'),
    SYSLOG_TLS_CA: inFolder('client.pem'),
    SYSLOG_TIME_ZONE: '+02:00',
  });
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true });
});

function portOf(protocol: string, of = gateway): number {
  return Number(new RegExp(`${protocol}://127\\.0\\.0\\.1:(\\d+)`).exec(of.banner)?.[1]);
}

async function send(...pieces: readonly (string | Buffer)[]): Promise<void> {
  const socket = connect(portOf('tcp'), '127.0.0.1');
  for (const piece of pieces) socket.write(piece);
  socket.end();
  socket.resume();
  await once(socket, 'close');
}

async function found(query: string, count = 1) {
  await expect
    .poll(async () => (await readPage(gateway.url, `/logs?${query}`)).count, POLL)
    .toBeGreaterThanOrEqual(count);
  return (await readPage(gateway.url, `/logs?${query}`)).logs;
}

const counted = (message: string) => `${Buffer.byteLength(message)} ${message}`;

describe('syslog over TCP', () => {
  test('RFC 5424 with its length: level, component, ids, structured data, a message of several lines', async () => {
    const now = new Date(Date.now() - 60_000).toISOString();
    const message = `<165>1 ${now} mail evntslog 77 ID47 [ex@32473 iut="3" note="a \\"b\\" \\]"][other x="1"] first\nsecond`;
    await send(counted(message));
    expect(await found('component=evntslog')).toMatchObject([
      {
        timestamp: now,
        level: 'INFO',
        message: 'first\nsecond',
        data: {
          host: 'mail',
          pid: '77',
          message_id: 'ID47',
          structured_data: { 'ex@32473': { iut: '3', note: 'a "b" ]' }, other: { x: '1' } },
        },
      },
    ]);
  });

  test('RFC 3164 by lines, with times of the zone that is set', async () => {
    const at = new Date(Date.now() + 2 * 3_600_000 - 60_000);
    const month = at.toUTCString().slice(8, 11);
    const time = `${month} ${String(at.getUTCDate()).padStart(2)} ${at.toUTCString().slice(17, 25)}`;
    await send(`<11>${time} web su[9]: 'su root' failed\n<30>${time} web cron: done\n`);
    const [entry] = await found('component=su');
    expect(entry).toMatchObject({
      level: 'ERROR',
      message: "'su root' failed",
      data: { host: 'web', pid: '9' },
    });
    expect(Math.abs(Date.parse(entry?.timestamp ?? '') - (Date.now() - 60_000))).toBeLessThan(60_000);
    expect(await found('component=cron')).toMatchObject([{ level: 'INFO', message: 'done' }]);
  });

  test('what is no syslog, or broken, is a message as it stands', async () => {
    await send('free text zebra\n', '<999>1 - - broken - - - zebra\n', '<13>1 - h a - - [open zebra\n');
    const logs = await found('q=zebra', 3);
    expect(logs.map(({ message }) => message).sort()).toEqual([
      '<13>1 - h a - - [open zebra',
      '<999>1 - - broken - - - zebra',
      'free text zebra',
    ]);
  });

  test('secrets are replaced, and escape sequences are text', async () => {
    await send('<13>login of walrus password=hunter2 \u001b[2J\n');
    const [entry] = await found('q=walrus');
    expect(entry?.message).not.toContain('hunter2');
  });

  test('a stream that never ends a message, endless lengths and bytes of any value hold nothing up', async () => {
    const sockets = Array.from({ length: 50 }, () =>
      connect(portOf('tcp'), '127.0.0.1').on('error', () => {}),
    );
    for (const [i, socket] of sockets.entries()) {
      socket.write(i % 2 === 0 ? '9999999 <' : '<13>');
      socket.write(Buffer.alloc(2_000_000, 0x80 + i));
    }
    await send(
      Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      '\n',
      counted('<13>1 - - otter - - - still here'),
    );
    expect(await found('component=otter')).toMatchObject([{ message: 'still here' }]);
    for (const socket of sockets) socket.destroy();
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  });
});

test('syslog over UDP, a message a datagram', async () => {
  const socket = createSocket('udp4');
  const port = portOf('udp');
  await new Promise((resolve) =>
    socket.send('<27>1 - host lynx - - - over UDP\n', port, '127.0.0.1', resolve),
  );
  await new Promise((resolve) => socket.send('', port, '127.0.0.1', resolve));
  socket.close();
  expect(await found('component=lynx')).toMatchObject([{ level: 'ERROR', message: 'over UDP' }]);
});

describe('syslog over TLS', () => {
  const port = () => portOf('tls');
  const ask = { host: '127.0.0.1', rejectUnauthorized: false };

  test('takes messages of who has a certificate', async () => {
    const identity = {
      cert: readFileSync(inFolder('client.pem')),
      key: readFileSync(inFolder('client.key')),
    };
    const socket = connectTls({ ...ask, ...identity, port: port() });
    await once(socket, 'secureConnect');
    socket.end(counted('<13>1 - - tiger - - - over TLS'));
    expect(await found('component=tiger')).toMatchObject([{ message: 'over TLS' }]);
    socket.destroy();
  });

  test('refuses others', async () => {
    const socket = connectTls({ ...ask, port: port() });
    socket.on('error', () => {});
    socket.end(counted('<13>1 - - intruder - - - no'));
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    await send(counted('<13>1 - - behind - - - x'));
    await found('component=behind');
    expect((await readPage(gateway.url, '/logs?component=intruder')).logs).toEqual([]);
  });
});

test('a banner says where syslog is listened to', () => {
  expect(gateway.banner).toMatch(
    /^ {2}syslog at {3}tcp:\/\/127\.0\.0\.1:\d+, tls:\/\/127\.0\.0\.1:\d+, udp:\/\/127\.0\.0\.1:\d+$/m,
  );
});

test.each([
  [{ SYSLOG_TCP: 'x' }, 'SYSLOG_TCP is "x"; allowed'],
  [{ SYSLOG_UDP: '0.0.0.0:0' }, 'SYSLOG_UDP is "0.0.0.0:0"; allowed: 127.0.0.1'],
  [{ SYSLOG_TLS: '0' }, 'SYSLOG_TLS needs SYSLOG_TLS_CERT'],
  [
    { SYSLOG_TLS: '0', SYSLOG_TLS_CERT: '/nowhere', SYSLOG_TLS_KEY: '/nowhere' },
    'SYSLOG_TLS_CERT /nowhere cannot be read',
  ],
  [{ SYSLOG_TIME_ZONE: 'Mars/Base' }, 'SYSLOG_TIME_ZONE is "Mars/Base"'],
  [{ SYSLOG_FROM: 'me' }, 'SYSLOG_FROM: "me" is no address'],
])('%j ends the start', async (settings, message) => {
  const { code, stderr } = await runProcess(process.execPath, [GATEWAY_MAIN], {
    env: environmentWith({ PORT: '0', ENGINE_PORT: '0', ...(settings as Record<string, string>) }),
  });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

test('who is not in SYSLOG_FROM is turned away', async () => {
  const closed = await startGatewayProcess({ SYSLOG_TCP: '0', SYSLOG_FROM: '192.0.2.0/24' });
  const socket = connect(portOf('tcp', closed), '127.0.0.1');
  socket.on('error', () => {});
  socket.write('<13>no\n');
  socket.resume();
  await new Promise((resolve) => socket.on('close', resolve));
  expect((await readPage(closed.url, '/logs')).logs).toEqual([]);
  await closed.stop();
});

testUnless(hasRedisServer ? undefined : 'no redis-server on PATH')(
  'while the store takes nothing senders wait, and nothing is lost',
  async () => {
    const server = await startRedisServer();
    const proxy = await startRefusingProxy(server.url);
    const behind = await startGatewayProcess({ REDIS_URL: proxy.url, SYSLOG_TCP: '0' });
    try {
      proxy.refusal = 'LOADING Redis is loading the dataset in memory';
      const socket = connect(portOf('tcp', behind), '127.0.0.1');
      for (let i = 0; i < 2_000; i++) socket.write(counted(`<13>1 - - patient - - - message ${i}`));
      await expect.poll(() => proxy.refused, POLL).toBeGreaterThan(5);
      proxy.refusal = undefined;
      socket.end();
      const messages = async () => {
        const pages = await readPages(behind.url, '/logs?component=patient');
        return new Set(pages.flatMap(({ logs }) => logs.map(({ message }) => message))).size;
      };
      await expect.poll(messages, POLL).toBe(2_000);
    } finally {
      await behind.stop();
      await proxy.close();
      await server.stop();
    }
  },
  60_000,
);

describeUnless(
  rsyslogAbsence ?? (hasRedisServer ? undefined : 'no redis-server on PATH'),
  "Debian's rsyslog",
  () => {
    test.each([
      ['RFC 5424 with lengths', 'template="RSYSLOG_SyslogProtocol23Format" TCP_Framing="octet-counted"'],
      ['its own format by lines', 'template="RSYSLOG_ForwardFormat"'],
      ['BSD syslog by lines', 'template="RSYSLOG_TraditionalForwardFormat"'],
    ])(
      'forwards %s over TCP, and three restarts of the gateway lose nothing',
      { timeout: 90_000 },
      async (name, format) => {
        const server = await startRedisServer();
        const port = quietPort();
        const settings = { REDIS_URL: server.url, SYSLOG_TCP: String(port) };
        let running = await startGatewayProcess(settings);
        const rsyslog = await startRsyslog(
          inFolder(name.replace(/\W/g, '-')),
          `target="127.0.0.1" port="${port}" protocol="tcp" ${format}`,
        );
        try {
          const expected: string[] = [];
          const at = new Date();
          const sendMore = async (count: number) => {
            const from = expected.length;
            for (let i = from; i < from + count; i++) expected.push(`message ${i}`);
            const time = `${at.toUTCString().slice(8, 11)} ${String(at.getUTCDate()).padStart(2)} ${at.toUTCString().slice(17, 25)}`;
            await rsyslog.send(
              expected.slice(from).map((message) => `<134>${time} host shipped: ${message}`),
            );
          };
          for (let restart = 0; restart < 3; restart++) {
            const sending = (async () => {
              for (let i = 0; i < 20; i++) await sendMore(25);
            })();
            await running.stop();
            running = await startGatewayProcess(settings);
            await sending;
          }
          const messages = async () => {
            const pages = await readPages(running.url, '/logs?component=shipped');
            return [...new Set(pages.flatMap(({ logs }) => logs.map(({ message }) => message)))].sort();
          };
          await expect.poll(messages, { timeout: 30_000, interval: 500 }).toEqual(expected.toSorted());
        } finally {
          await rsyslog.stop();
          await running.stop();
          await server.stop();
        }
      },
    );
  },
);

test.each(['tcp', 'tls'])(
  'one address has 64 connections over %s at most, another one has room beside it',
  async (protocol) => {
    const port = portOf(protocol);
    const sockets = Array.from({ length: 80 }, () =>
      connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' }),
    );
    let closed = 0;
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.on('close', () => closed++);
      socket.resume();
    }
    await expect.poll(() => closed, POLL).toBe(16);
    const message = `beside-${protocol}`;
    const line = `<14>1 - host beside - - - ${message}\n`;
    if (protocol === 'tcp') {
      await send(line);
    } else {
      const credentials = {
        cert: readFileSync(inFolder('client.pem')),
        key: readFileSync(inFolder('client.key')),
      };
      const socket = connectTls({ port, host: '127.0.0.1', ...credentials, rejectUnauthorized: false });
      socket.end(line);
      socket.resume();
      await once(socket, 'close');
    }
    await expect
      .poll(
        async () => (await readPage(gateway.url, '/logs?component=beside')).logs.map((log) => log.message),
        POLL,
      )
      .toContain(message);
    for (const socket of sockets) socket.destroy();
    // Those that are gone count no more.
    await expect
      .poll(async () => {
        const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' });
        socket.on('error', () => {});
        socket.resume();
        const isClosed = await Promise.race([
          once(socket, 'close').then(() => true),
          new Promise((resolve) => setTimeout(() => resolve(false), 300)),
        ]);
        socket.destroy();
        return isClosed;
      }, POLL)
      .toBe(false);
  },
);
