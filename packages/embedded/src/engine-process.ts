import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { EngineOrder, EngineReport } from './engine-protocol.js';
import { applyEngineSettings } from './engine-settings.js';
import { MendedBridge } from './mended-bridge.js';

// The engine lives as long as its parent, no longer and no shorter. Ctrl-C and a service manager signal
// both at once, and the parent still has a last batch to write then; its end closes the IPC channel.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);

try {
  const order: EngineOrder = JSON.parse(process.argv[2] ?? '');
  const server = await listen(order);
  const bridge = new MendedBridge(server, order.trial, endWithEngine);
  await bridge.start();
  const { port } = server.address() as AddressInfo;
  const version = await applyEngineSettings({ host: order.host, port }, order.maxMemoryBytes);
  await report({ kind: 'ready', port, version });
} catch (error) {
  await fail('start_failed', error instanceof Error ? (error.stack ?? error.message) : String(error));
}

async function listen({ host, port, trial }: EngineOrder): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: !trial.without.includes('no-delay') });
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return server;
  } catch (error) {
    return await fail('port_unavailable', (error as Error).message);
  }
}

function endWithEngine(reason: unknown): void {
  // The engine's own exit (SHUTDOWN) is thrown through it as a symbol by node:wasi.
  if (typeof reason === 'symbol') process.exit(0);
  process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`);
  process.exit(1);
}

async function fail(code: 'port_unavailable' | 'start_failed', message: string): Promise<never> {
  await report({ kind: 'failed', code, message });
  process.exit(1);
}

function report(message: EngineReport): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}
