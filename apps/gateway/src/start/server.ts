import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { GatewayConfig } from '../config.js';
import { StartError } from './start-error.js';

/** A listening HTTP server. */
export interface ListeningServer {
  /** Where it is reached: `http://127.0.0.1:4680`. */
  readonly url: string;
  /** Takes no more requests, waits a short while for those that are being answered, then ends them. */
  close(): Promise<void>;
}

/** How long a client may take to send a request: what it has sent meanwhile is held. */
const REQUEST_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 2_000;
const SWEEP_INTERVAL_MS = 20;

/** @throws StartError when nothing can listen there. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host, stallTimeoutS }: Pick<GatewayConfig, 'port' | 'host' | 'stallTimeoutS'>,
): Promise<ListeningServer> {
  // It puts its own Request and Response in place of the process's: of Node's own each reply is read as a stream, 1 ms more.
  const listener = getRequestListener(fetch);
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  // Without a listener the sockets that nothing passes through for so long are destroyed.
  server.setTimeout(stallTimeoutS * 1000);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, port, host);
  }
  return { url: urlOf(server, host), close: () => close(server) };
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that becomes idle only now would otherwise be kept alive.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): StartError {
  if (error.code === 'EADDRINUSE') {
    return new StartError(`PORT ${port} on HOST ${host} is in use; set PORT to another one`, {
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new StartError(`PORT ${port} is not allowed for this user; set PORT to one above 1023`, {
      cause: error,
    });
  }
  return new StartError(`HOST ${host}, PORT ${port}: nothing can listen there: ${error.message}`, {
    cause: error,
  });
}
