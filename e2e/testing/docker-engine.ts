import { existsSync } from 'node:fs';
import { get, type RequestOptions } from 'node:http';

const DEFAULT_SOCKET = '/var/run/docker.sock';
const PING_TIMEOUT_MS = 1_000;

/**
 * Asks the Docker engine of `DOCKER_HOST`, else of the usual socket, for a sign of life.
 *
 * @returns why containers cannot be used, `undefined` when they can.
 */
export async function dockerAbsence(): Promise<string | undefined> {
  const host = process.env.DOCKER_HOST || `unix://${DEFAULT_SOCKET}`;
  const address = addressOf(host);
  if (address === undefined) return undefined;
  return (await answersPing(address)) ? undefined : 'no Docker engine answers';
}

/** @returns `undefined` for what only the Docker client understands, such as ssh: testcontainers is to try it. */
function addressOf(host: string): RequestOptions | undefined {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol !== 'tcp:' || process.env.DOCKER_TLS_VERIFY) return undefined;
  return { host: url.hostname, port: url.port || 2375 };
}

function answersPing(address: RequestOptions): Promise<boolean> {
  if (address.socketPath && !existsSync(address.socketPath)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const request = get({ ...address, path: '/_ping', timeout: PING_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
  });
}
