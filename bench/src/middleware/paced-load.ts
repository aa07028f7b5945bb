import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a load asks for, and how often. */
export interface PacedLoad {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
}

/**
 * Asks at an even pace, over connections that are kept: what a service is asked that has time to spare. autocannon has a
 * rate too, but sends all requests of a second at its begin, as fast as they are answered.
 *
 * @returns how many requests were answered. @throws Error when one was not answered with 200.
 */
export async function pacedLoad(load: PacedLoad): Promise<number> {
  const { hostname, port, pathname, search } = new URL(load.url);
  const lines = Object.entries({ host: hostname, ...load.headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const request = [`GET ${pathname}${search} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  const sockets = Array.from({ length: load.connections }, () => connect(Number(port), hostname));
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    return await pace(sockets, request, load);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

async function pace(sockets: readonly Socket[], request: string, load: PacedLoad): Promise<number> {
  const idle = [...sockets];
  const wrong: string[] = [];
  for (const socket of sockets) {
    // An answer is a few hundred bytes, which come in one piece.
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (answer: string) => {
      if (!answer.startsWith('HTTP/1.1 200 ')) wrong.push(answer);
      idle.push(socket);
    });
  }
  const total = load.requestsPerSecond * load.seconds;
  const startedAt = performance.now();
  let sent = 0;
  while (sent < total || idle.length < sockets.length) {
    const due = Math.min(total, ((performance.now() - startedAt) * load.requestsPerSecond) / 1_000);
    while (sent < due && idle.length > 0) {
      idle.pop()?.write(request);
      sent++;
    }
    await sleep(1);
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} answers are none, such as ${wrong[0]}`);
  return total;
}
