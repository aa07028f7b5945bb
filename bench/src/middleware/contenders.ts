import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpBindings } from '@hono/node-server';
import { close, configureLogger, stats } from '@tailrace/logger';
import { logRequests } from '@tailrace/logger/hono';
import type { MiddlewareHandler } from 'hono';
import { logger as honoLogger } from 'hono/logger';
import { type DestinationStream, destination, transport } from 'pino';
import { pinoHttp } from 'pino-http';

/** What logs the requests of one server. */
export interface Contender {
  readonly middleware: MiddlewareHandler<{ Bindings: HttpBindings }> | undefined;
  /** Entries that were lost, once everything else is written. */
  finish(): Promise<number>;
}

/** Every contender by its name. */
export const CONTENDERS: Readonly<Record<string, (redisUrl: string) => Contender>> = {
  'bare Hono': () => ({ middleware: undefined, finish: async () => 0 }),
  "Hono's logger, to /dev/null": () => {
    const file = destination('/dev/null');
    const middleware = honoLogger((line) => void file.write(`${line}\n`));
    return { middleware, finish: async () => 0 };
  },
  'pino-http, to /dev/null': () => pinoTo('/dev/null', async () => 0),
  'pino-http, to a file': () => {
    const folder = mkdtempSync(join(tmpdir(), 'tailrace-bench-'));
    return pinoTo(join(folder, 'log'), async () => {
      rmSync(folder, { recursive: true });
      return 0;
    });
  },
  'pino-http with ids and context, by a thread to /dev/null': () =>
    pinoWithContext(transport({ target: 'pino/file', options: { destination: '/dev/null' } })),
  'pino-http with ids and context, by a thread to redis-server': (redisUrl) =>
    pinoWithContext(
      transport({
        target: new URL('redis-transport.js', import.meta.url).href,
        options: { url: redisUrl },
      }),
    ),
  'Tailrace, to redis-server': (redisUrl) => {
    configureLogger({ redis: redisUrl, spoolDir: false });
    return {
      middleware: logRequests(),
      finish: async () => {
        await close(20_000);
        const { accepted, written } = stats();
        return accepted - written;
      },
    };
  },
};

/** pino-http as it comes. */
function pinoTo(file: string, finish: Contender['finish']): Contender {
  const log = pinoHttp({}, destination(file));
  return {
    middleware: (c, next) => {
      log(c.env.incoming, c.env.outgoing);
      return next();
    },
    finish,
  };
}

/** What Tailrace's does besides: an id in the answer, the request's ids in what is logged inside, writing off the main thread. */
function pinoWithContext(stream: DestinationStream): Contender {
  const contexts = new AsyncLocalStorage<{ readonly requestId: string }>();
  const log = pinoHttp(
    {
      genReqId: (_, response) => {
        const id = randomUUID();
        response.setHeader('x-request-id', id);
        return id;
      },
    },
    stream,
  );
  return {
    middleware: (c, next) => {
      log(c.env.incoming, c.env.outgoing);
      return contexts.run({ requestId: String(c.env.incoming.id) }, next);
    },
    finish: async () => 0,
  };
}
