import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy in front of a Redis. */
export interface TcpProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Passes on what both sides of a new connection send, as it likes. When one side closes, the other one is closed. */
export type Relay = (client: Socket, redis: Socket) => void;

/** Starts a proxy in front of the Redis at `url`; user, password and database stay in its own URL. */
export async function startTcpProxy(url: string, relay: Relay): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(Number(target.port), target.hostname);
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        redis.destroy();
        sockets.delete(socket);
      });
    }
    relay(client, redis);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
