import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { CONTENDERS } from './contenders.js';

/** What the bench asks its server, and the answers. */
export type Question = 'cpu' | 'finish';
/** @see Question */
export type Answer = { readonly port: number } | { readonly cpuMs: number } | { readonly lost: number };

const [name = '', redisUrl = ''] = process.argv.slice(2);
const contender = CONTENDERS[name]?.(redisUrl);
if (contender === undefined) throw new Error(`there is no contender ${name}`);

const app = new Hono<{ Bindings: HttpBindings }>();
if (contender.middleware !== undefined) app.use(contender.middleware);
app.get('/users/:id', (c) => c.json({ id: c.req.param('id'), name: 'Alice' }));

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
await once(server, 'listening');
answer({ port: (server.address() as AddressInfo).port });

process.on('message', async (question: Question) => {
  if (question === 'cpu') answer({ cpuMs: cpuMs() });
  else answer({ lost: await contender.finish() });
});
process.on('disconnect', () => process.exit());

function answer(message: Answer): void {
  process.send?.(message);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
