import { Writable } from 'node:stream';
import { Redis } from 'ioredis';

/** Lines a stream of the bench keeps, as many as Tailrace's does. */
const MAX_LINES = 100_000;

/**
 * A transport of pino, run by it in a thread: puts each line into a Redis stream, all that come together in one pipeline.
 *
 * @see https://github.com/pinojs/pino/blob/main/docs/transports.md
 */
export default async function redisTransport({ url }: { readonly url: string }): Promise<Writable> {
  const redis = new Redis(url);
  let rest = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      const pipeline = redis.pipeline();
      for (const line of lines) pipeline.xadd('pino', 'MAXLEN', '~', MAX_LINES, '*', 'data', line);
      pipeline.exec().then(() => done(), done);
    },
    final(done) {
      redis.quit().then(() => done(), done);
    },
  });
}
