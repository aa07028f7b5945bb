import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { SyslogAddress } from './syslog-address.js';
import type { SyslogListener, SyslogParts } from './syslog-stream.js';

/** Datagrams that wait to be stored. */
const MAX_WAITING = 10_000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Datagrams stored at a time. */
const MAX_AT_ONCE = 1_000;

/**
 * Listens over UDP (RFC 5426), a message a datagram. What comes faster than it is stored is dropped, and counted in a report:
 * nothing holds a sender back.
 *
 * @throws what Node says when nothing can listen there.
 */
export async function listenToDatagrams(
  { host, port }: SyslogAddress,
  { store, isAllowed, report }: SyslogParts,
): Promise<SyslogListener> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let draining: Promise<void> | undefined;

  const drain = async () => {
    while (waiting.length > 0) {
      const messages = waiting.slice(0, MAX_AT_ONCE);
      await store.store(messages);
      waiting = waiting.slice(messages.length);
      waitingBytes -= messages.reduce((sum, { length }) => sum + length, 0);
      if (dropped > 0)
        report(`syslog: ${dropped} datagrams came faster than they were stored, and are dropped`);
      dropped = 0;
    }
    draining = undefined;
  };

  socket.on('message', (message, { address }) => {
    if (!isAllowed(address)) {
      report(`syslog from ${address} is refused; allowed: what SYSLOG_FROM names`);
    } else if (waiting.length >= MAX_WAITING || waitingBytes + message.length > MAX_WAITING_BYTES) {
      dropped += 1;
    } else {
      waiting.push(message);
      waitingBytes += message.length;
      draining ??= drain();
    }
  });
  socket.bind(port, host);
  await once(socket, 'listening');
  socket.on('error', (error) => report(`syslog over UDP: ${error.message}`));
  return {
    address: { host, port: socket.address().port },
    async close() {
      socket.close();
      await draining;
    },
  };
}
