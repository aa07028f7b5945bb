import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEvent } from '../testing/test-event.js';
import { startWebhookReceiver } from '../testing/webhook-receiver.js';
import { addressCheck } from './addresses.js';
import { alertmanagerSender } from './alertmanager.js';
import { commandSender } from './command.js';
import { emailSender } from './email.js';
import { slackSender } from './slack.js';
import { webhookSender } from './webhook.js';

const mayConnect = () => true;
const options = { now: Date.now(), signal: AbortSignal.timeout(60_000) };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-notify-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '0.0.0.0',
    '2002:7f00:1::',
  ])('%s is private', (address) => expect(addressCheck()(address)).toBe(false));
  test.each(['8.8.8.8', '2606:4700::1111'])('%s is public', (address) =>
    expect(addressCheck()(address)).toBe(true),
  );

  test.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://[::1]',
    'http://2130706433',
    'http://0x7f.1',
    'http://[::ffff:7f00:1]',
  ])('nothing is sent to %s unless it is allowed', async (base) => {
    await using receiver = await startWebhookReceiver();
    const { port } = new URL(receiver.url);
    const send = (check: (address: string) => boolean) =>
      webhookSender({ url: `${base}:${port}`, mayConnect: check }).send(testEvent(1), options);
    await expect(send(addressCheck())).rejects.toThrow('is a private address');
    expect(receiver.received).toEqual([]);
    if (!base.includes('[')) await send(addressCheck((address) => address === '127.0.0.1'));
    expect(receiver.received).toHaveLength(base.includes('[') ? 0 : 1);
  });

  test('mail goes to no private server either', async () => {
    const sender = emailSender({
      smtp: 'smtp://localhost:1',
      from: 'a@b.example',
      to: ['c@d.example'],
      mayConnect: addressCheck(),
    });
    await expect(sender.send(testEvent(1), options)).rejects.toThrow('private addresses only');
  });
});

test('mail arrives at a real SMTP server, under the id of the event, with its header on one line', async () => {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      username === 'us:er' && password === 'p@ss' ? done(null, { user: 'u' }) : done(new Error('no')),
    onData(stream, _, done) {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => (text += part));
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  const common = { from: 'tailrace@a.example', to: ['ops@b.example', 'me@c.example'], mayConnect };
  const event = testEvent(1, { name: 'Errors\r\nBcc: evil@d.example' });
  await emailSender({ ...common, smtp: `smtp://us%3Aer:p%40ss@127.0.0.1:${port}` }).send(event, options);
  const wrong = emailSender({ ...common, smtp: `smtp://x:y@127.0.0.1:${port}` });
  await expect(wrong.send(event, options)).rejects.toThrow();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(mails).toHaveLength(1);
  const head = mails[0]?.split('\r\n\r\n')[0] ?? '';
  expect(head).toContain(`Message-ID: <${event.id}@tailrace>`);
  expect(head).toMatch(/^Subject: \[firing\] Errors Bcc: evil@d\.example \(host=a\.example\)$/m);
  expect(head).toMatch(/^To: ops@b\.example, me@c\.example$/m);
  expect(head).not.toMatch(/^Bcc/m);
  expect(mails[0]).toContain('value: 0.5');
});

test('a Slack-compatible webhook gets text that mentions and links nothing', async () => {
  await using receiver = await startWebhookReceiver();
  await slackSender({ url: receiver.url, mayConnect }).send(
    testEvent(1, { name: '<!channel> & co' }),
    options,
  );
  await slackSender({ url: receiver.url, template: '{{ name }}: {{value}} {{nothing}}', mayConnect }).send(
    testEvent(1),
    options,
  );
  const [first, second] = receiver.received.map(({ body }) => JSON.parse(body).text as string);
  expect(first).toContain('&lt;!channel&gt; &amp; co (host=a.example) is firing (critical)');
  expect(second).toBe('Error &lt;rate&gt;: 0.5 {{nothing}}');
});

test('a command gets the event on its standard input, and no more of the environment than its path', async () => {
  const script = join(folder, 'tell.sh');
  const out = join(folder, 'told');
  await writeFile(script, `#!/bin/sh\n{ cat; echo; env; echo "$1"; } > ${out}\n`, { mode: 0o700 });
  process.env.TAILRACE_TEST_SECRET = 'secret';
  await commandSender({ command: [script, '{{name}}; rm -rf $HOME'] }).send(testEvent(1), options);
  const [json = '', ...rest] = (await readFile(out, 'utf8')).split('\n');
  expect(JSON.parse(json)).toMatchObject({ id: testEvent(1).id, data: { rule: 'r' } });
  expect(rest.join('\n')).toContain('TAILRACE_STATUS=firing');
  expect(rest.join('\n')).not.toContain('secret');
  expect(rest).toContain('Error <rate>; rm -rf $HOME');
  await expect(
    commandSender({ command: ['/bin/sh', '-c', 'echo no credit >&2; exit 3'] }).send(testEvent(1), options),
  ).rejects.toThrow('/bin/sh ended with 3: no credit');
  await expect(commandSender({ command: ['/no/such/program'] }).send(testEvent(1), options)).rejects.toThrow(
    'ENOENT',
  );
});

const ALERTMANAGER = ['prometheus-alertmanager', 'alertmanager'].find(
  (name) => spawnSync(name, ['--version']).error === undefined,
);

test.skipIf(ALERTMANAGER === undefined)(
  'a real Alertmanager shows the alert, and no more once it is resolved',
  async () => {
    const config = join(folder, 'alertmanager.yml');
    await writeFile(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
    const port = await freePort();
    const child = spawn(
      ALERTMANAGER as string,
      [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'am')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    try {
      const url = `http://127.0.0.1:${port}`;
      const active = async () =>
        (await (await fetch(`${url}/api/v2/alerts?active=true`)).json()) as {
          labels: object;
          annotations: object;
        }[];
      while (
        !(await active().then(
          () => true,
          () => false,
        ))
      )
        await new Promise((resolve) => setTimeout(resolve, 100));
      const sender = alertmanagerSender({ url: `${url}/`, labels: { team: 'web' }, mayConnect });
      const now = Date.now();
      const times = { startedAt: now - 60_000, at: now - 30_000 };
      await sender.send(testEvent(1, times), { ...options, now });
      expect(await active()).toMatchObject([
        {
          labels: { alertname: 'r', severity: 'critical', host: 'a.example', team: 'web' },
          annotations: { id: testEvent(1).id },
        },
      ]);
      await sender.send(testEvent(1, { ...times, status: 'resolved' }), { ...options, now });
      expect(await active()).toEqual([]);
    } finally {
      child.kill();
    }
  },
);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
