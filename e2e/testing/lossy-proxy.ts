import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How a reply gets lost: the connection breaks, or stays open and silent. */
export type Loss = 'disconnect' | 'silence';

/** Stands between a client and Redis, and loses replies to order. */
export interface LossyProxy {
  readonly url: string;
  /** Pieces of replies lost until now. */
  readonly lost: number;
  /** Redis gets the next command that contains `text`, and its client never hears of it. */
  loseReplyTo(text: string, loss: Loss): void;
  /** Breaks every connection there is now. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of the Redis at `url`. */
export async function startLossyProxy(url: string): Promise<LossyProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let order: { readonly text: string; readonly loss: Loss } | undefined;
  let lost = 0;
  const server = createServer((client) => {
    const redis = connect(Number(target.port), target.hostname);
    let losing: Loss | undefined;
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        redis.destroy();
        sockets.delete(socket);
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (order !== undefined && chunk.includes(order.text)) {
        losing = order.loss;
        order = undefined;
      }
      redis.write(chunk);
    });
    redis.on('data', (chunk: Buffer) => {
      if (losing === undefined) {
        client.write(chunk);
        return;
      }
      lost++;
      if (losing === 'disconnect') client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lost() {
      return lost;
    },
    loseReplyTo(text, loss) {
      order = { text, loss };
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
