import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { DemoError } from './demo-error.js';

/** A listening HTTP server. */
export interface ListeningServer {
  readonly url: URL;
  /** Takes no more requests, waits a short while for those that are being answered, then ends them. */
  close(): Promise<void>;
}

/** What answers requests: the `fetch` of a Hono app. */
export type Answer = (request: Request, env: Partial<HttpBindings>) => Response | Promise<Response>;

const HOST = '127.0.0.1';
/** Longer than the slowest answer takes. */
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * Listens on loopback only: the demo believes what its clients say of themselves.
 *
 * @throws DemoError when nothing can listen there.
 */
export async function listen(answer: Answer, port: number): Promise<ListeningServer> {
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${message})`;
    throw new DemoError(`DEMO_PORT ${port} ${reason}; set DEMO_PORT to another one`, { cause });
  }
  const { port: actual } = server.address() as AddressInfo;
  return { url: new URL(`http://${HOST}:${actual}`), close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await closed;
  clearTimeout(deadline);
}
