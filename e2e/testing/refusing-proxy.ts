import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** A proxy that answers batches in Redis's place. */
export interface RefusingProxy extends TcpProxy {
  /** The error that batches get, such as `LOADING ...`; `undefined`: Redis gets them. */
  refusal: string | undefined;
  /** Batches refused until now. */
  readonly refused: number;
}

const BATCH = Buffer.from('EVALSHA');

/**
 * Starts a proxy in front of the Redis at `url`. It knows a batch by its name at the beginning of a piece of data, so it
 * takes over when one begins, and cuts that connection when there is nothing to refuse any more.
 */
export async function startRefusingProxy(url: string): Promise<RefusingProxy> {
  let refused = 0;
  const proxy: RefusingProxy = {
    ...(await startTcpProxy(url, (client, redis) => {
      let isTakenOver = false;
      client.on('data', (chunk: Buffer) => {
        const batches = countOf(BATCH, chunk);
        isTakenOver ||= proxy.refusal !== undefined && batches > 0;
        if (!isTakenOver) {
          redis.write(chunk);
        } else if (proxy.refusal === undefined) {
          client.destroy();
        } else {
          refused += batches;
          client.write(`-${proxy.refusal}\r\n`.repeat(batches));
        }
      });
      redis.on('data', (chunk: Buffer) => client.write(chunk));
    })),
    refusal: undefined,
    get refused() {
      return refused;
    },
  };
  return proxy;
}

function countOf(text: Buffer, chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(text); at !== -1; at = chunk.indexOf(text, at + 1)) count++;
  return count;
}
