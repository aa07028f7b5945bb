import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { quietPort } from './quiet-port.js';

/** Why no rsyslog can be started here; `undefined`: one can. */
export const rsyslogAbsence = spawnSync('rsyslogd', ['-v']).error && 'no rsyslogd on PATH';

/** An rsyslog of our own, which takes lines of syslog over TCP and forwards them. */
export interface Rsyslog {
  /** Gives it messages, each with a PRI before it. Resolves when they are handed over. */
  send(messages: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Debian's rsyslog with its own configuration.
 *
 * @param action parameters of omfwd: where to, and how
 */
export async function startRsyslog(folder: string, action: string): Promise<Rsyslog> {
  await mkdir(folder, { recursive: true });
  const port = quietPort();
  const configuration = [
    `global(workDirectory="${folder}" net.enableDNS="off")`,
    'module(load="imtcp")',
    `input(type="imtcp" address="127.0.0.1" port="${port}")`,
    `action(type="omfwd" ${action} action.resumeRetryCount="-1" action.resumeInterval="1"`,
    '  queue.type="linkedList" queue.size="100000")',
  ].join('\n');
  const path = join(folder, 'rsyslog.conf');
  await writeFile(path, `${configuration}\n`);
  const child = spawn('rsyslogd', ['-n', '-f', path, '-i', join(folder, 'rsyslog.pid')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, TZ: 'UTC' },
  });
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
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    async send(messages) {
      const socket = connect(port, '127.0.0.1');
      socket.end(messages.map((message) => `${message}\n`).join(''));
      socket.resume();
      await once(socket, 'close');
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
