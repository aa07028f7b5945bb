import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GATEWAY_MAIN } from './repository.js';
import { environmentWith } from './settings.js';

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** All it has printed on stdout. */
  readonly banner: string;
  stop(): Promise<void>;
}

/**
 * Starts the built gateway on a free port. Without `REDIS_URL` in `settings` it brings its embedded engine.
 */
export async function startGatewayProcess(
  settings: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [GATEWAY_MAIN], {
    env: environmentWith({ PORT: '0', ENGINE_PORT: '0', ...settings }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let banner = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      banner += chunk;
      const listens = /listens on +(\S+)\n.+Try.+\n\n$/s.exec(banner)?.[1];
      if (listens !== undefined) resolve(listens);
    });
    void exited.then(([code]) => reject(new Error(`the gateway ended with ${code}: ${banner}`)));
  });
  return {
    url,
    pid: child.pid as number,
    banner,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
