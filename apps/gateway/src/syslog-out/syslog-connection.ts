import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Where messages are sent to. */
export interface SyslogDestination {
  readonly protocol: 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** Certificates of authorities, in PEM. @default those of the system */
  readonly ca?: Buffer | undefined;
}

/** A connection to a receiver of syslog. */
export interface SyslogConnection {
  /** Resolves when the system has taken the bytes. @throws when the connection has ended */
  write(bytes: Buffer): Promise<void>;
  /** Rejects when the connection ends, also between writes. */
  readonly ended: Promise<never>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A receiver that takes nothing for so long is connected to anew. */
const STALL_TIMEOUT_MS = 60_000;

/** @throws when there is nobody, or its certificate is not of an authority. */
export async function connectSyslog(
  { protocol, host, port, ca }: SyslogDestination,
  signal: AbortSignal,
): Promise<SyslogConnection> {
  const socket: Socket =
    protocol === 'tls'
      ? connectTls({ host, port, ...(ca && { ca }), servername: host })
      : connect({ host, port });
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
  const abort = () => socket.destroy(new Error('closed'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    await once(socket, protocol === 'tls' ? 'secureConnect' : 'connect');
  } catch (error) {
    signal.removeEventListener('abort', abort);
    socket.destroy();
    throw error;
  }
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  // Receivers send nothing; what they do send is let go.
  socket.resume();
  const ended = new Promise<never>((_, reject) => {
    socket.once('error', reject);
    // One that ends its side reads no more either.
    socket.once('end', () => reject(new Error('the receiver ended the connection')));
    socket.once('close', () => reject(new Error('the connection is closed')));
  });
  ended.catch(() => socket.destroy());
  return {
    ended,
    async write(bytes) {
      const stall = setTimeout(
        () => socket.destroy(new Error('the receiver takes nothing')),
        STALL_TIMEOUT_MS,
      );
      try {
        const written = new Promise<void>((resolve, reject) => {
          socket.write(bytes, (error) => (error ? reject(error) : resolve()));
        });
        await Promise.race([written, ended]);
      } finally {
        clearTimeout(stall);
      }
    },
    async close() {
      signal.removeEventListener('abort', abort);
      if (socket.destroyed) return;
      const closed = once(socket, 'close').catch(() => undefined);
      socket.end();
      const timer = setTimeout(() => socket.destroy(), 1_000);
      await closed;
      clearTimeout(timer);
    },
  };
}
