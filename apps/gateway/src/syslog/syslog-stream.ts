import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { AddressList } from '../http/auth/address-list.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { SyslogAddress } from './syslog-address.js';
import { SyslogFrames } from './syslog-frames.js';
import type { SyslogStore } from './syslog-store.js';

/** What a listener works with. */
export interface SyslogParts {
  readonly store: SyslogStore;
  readonly isAllowed: AddressList;
  readonly report: (text: string) => void;
}

/** A listener of syslog. */
export interface SyslogListener {
  /** Where it listens. */
  readonly address: SyslogAddress;
  close(): Promise<void>;
}

/** Connections at once; each may hold a piece of 64 KiB and a message of as much. */
const MAX_CONNECTIONS = 256;
/** Of these from one address, so that no sender takes them all, nor those that have not shaken hands yet. */
const MAX_CONNECTIONS_AN_ADDRESS = 64;
/** How long senders may go on when the gateway ends, until they have noticed. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Turns of the event loop in which what waits to be accepted is accepted. */
const TURNS_BEFORE_CLOSE = 3;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Listens over TCP, or TLS where `tls` is given (RFC 5425, RFC 6587). A connection is read only while its messages are
 * stored, so a store that is away holds its senders back.
 *
 * @throws what Node says when nothing can listen there.
 */
export async function listenToStreams(
  { host, port }: SyslogAddress,
  { store, isAllowed, report }: SyslogParts,
  tls?: TlsOptions,
): Promise<SyslogListener> {
  const open = new Map<Socket, Promise<void>>();
  // A connection that is closed towards a sender is still read from until the sender closes it as well.
  const accept = (socket: Socket) => {
    if (socket.destroyed) return;
    // Whoever reads is told; a connection that is refused may fail as well.
    socket.on('error', () => {});
    const from = socket.remoteAddress ?? '';
    if (!isAllowed(from)) {
      report(`syslog from ${shownValue(from)} is refused; allowed: what SYSLOG_FROM names`);
      socket.destroy();
      return;
    }
    socket.setKeepAlive(true);
    const done = readAll(socket, store).finally(() => open.delete(socket));
    open.set(socket, done);
  };
  const server: Server =
    tls === undefined
      ? createServer({ allowHalfOpen: true }, accept)
      : createTlsServer({ ...tls, allowHalfOpen: true, handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, accept);
  server.maxConnections = MAX_CONNECTIONS;
  // Before anybody else has the connection.
  server.prependListener('connection', boundEachAddress(report));
  server.listen(port, host);
  await once(server, 'listening');
  server.on('error', (error) => report(`syslog: ${error.message}`));
  server.on('drop', () => report(`syslog: more than ${MAX_CONNECTIONS} connections; one more is refused`));
  server.on('tlsClientError', (error, socket) => {
    report(`syslog: a TLS connection is refused: ${error.message}`);
    // Node leaves one open that did not shake hands in time.
    socket.destroy();
  });
  return {
    address: { host, port: (server.address() as { port: number }).port },
    async close() {
      // A sender that is connected already, as far as the kernel told it, is taken before the listener goes.
      for (let turn = 0; turn < TURNS_BEFORE_CLOSE; turn++) await new Promise(setImmediate);
      server.close();
      for (const socket of open.keys()) socket.end();
      const deadline = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy();
      }, CLOSE_TIMEOUT_MS);
      await Promise.all(open.values());
      clearTimeout(deadline);
    },
  };
}

/** Refuses connections of an address that has as many as it may. */
function boundEachAddress(report: (text: string) => void): (socket: Socket) => void {
  const counts = new Map<string, number>();
  return (socket) => {
    const from = socket.remoteAddress ?? '';
    const count = (counts.get(from) ?? 0) + 1;
    if (count > MAX_CONNECTIONS_AN_ADDRESS) {
      report(
        `syslog: more than ${MAX_CONNECTIONS_AN_ADDRESS} connections from ${shownValue(from)}; one more is refused`,
      );
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    counts.set(from, count);
    socket.on('close', () => {
      const left = (counts.get(from) ?? 1) - 1;
      if (left > 0) counts.set(from, left);
      else counts.delete(from);
    });
  };
}

/** Never rejects. */
async function readAll(socket: Socket, store: SyslogStore): Promise<void> {
  const frames = new SyslogFrames();
  try {
    for await (const chunk of socket) await store.store(frames.push(chunk as Buffer));
  } catch {
    // The sender is gone; what it had sent whole is stored.
  }
  await store.store(frames.end());
  socket.destroy();
}
