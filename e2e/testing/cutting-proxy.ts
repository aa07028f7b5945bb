import type { Socket } from 'node:net';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** A proxy that cuts its connections. */
export interface CuttingProxy extends TcpProxy {
  /** Connections cut while a request was on its way, and while a reply was. */
  readonly cuts: { readonly request: number; readonly reply: number };
}

/** About as many bytes as a connection's preparation and a few batches have. */
const REQUEST_BYTES = 200_000;
/** About as many bytes as the replies to a batch or two have. */
const REPLY_BYTES = 150;

/**
 * Cuts `times` connections, one after the other, at a random byte of what goes to Redis, or of what comes back once a
 * batch was sent. What lies before the cut is passed on. Connections after that are left alone.
 *
 * @param random gives numbers from 0 up to, but not including, 1
 */
export async function startCuttingProxy(
  url: string,
  times: number,
  random: () => number,
): Promise<CuttingProxy> {
  const cuts = { request: 0, reply: 0 };
  const isDone = () => cuts.request + cuts.reply >= times;
  const proxy = await startTcpProxy(url, (client, redis) => {
    const side = random() < 0.5 ? 'request' : 'reply';
    let left = Math.floor(random() * (side === 'request' ? REQUEST_BYTES : REPLY_BYTES));
    let isBatchSent = false;
    client.on('data', (chunk: Buffer) => {
      isBatchSent ||= chunk.includes('EVALSHA');
      pass('request', chunk, redis);
    });
    redis.on('data', (chunk: Buffer) => {
      if (side === 'reply' && !isBatchSent) client.write(chunk);
      else pass('reply', chunk, client);
    });

    function pass(from: 'request' | 'reply', chunk: Buffer, to: Socket): void {
      if (from !== side || isDone() || chunk.length <= left) {
        to.write(chunk);
        if (from === side) left -= chunk.length;
        return;
      }
      if (to.destroyed) return;
      cuts[side]++;
      // Ends the way of the part first, so that it arrives.
      to.end(chunk.subarray(0, left), () => client.destroy());
    }
  });
  return { ...proxy, cuts };
}
