import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Latency, latencyOf } from './latency.js';

const GATEWAY = new URL('../../../apps/gateway/dist/main.js', import.meta.url);
const START_MS = 20_000;
/** Requests before any is timed: the gateway is a new process, and V8 has compiled nothing of it. */
const WARM_UP = 300;

/** How long one client waits for a path of a gateway, in a process of its own, in front of that server. */
export async function httpLatencyOf(redisUrl: string, path: string): Promise<Latency> {
  const gateway = spawn(process.execPath, [GATEWAY.pathname], {
    env: { ...process.env, REDIS_URL: redisUrl, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = `${await addressOf(gateway.stdout)}${path}`;
    const ask = async () => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url} replied ${response.status}`);
      await response.json();
    };
    for (let i = 0; i < WARM_UP; i++) await ask();
    return await latencyOf(ask, 1);
  } finally {
    gateway.kill();
    await once(gateway, 'exit');
  }
}

/** The address in what the gateway prints when it listens. */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  const deadline = setTimeout(() => output.emit('error', new Error('the gateway did not start')), START_MS);
  let text = '';
  try {
    for await (const chunk of output) {
      text += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (address !== undefined) return address;
    }
  } finally {
    clearTimeout(deadline);
  }
  throw new Error(`the gateway ended: ${text}`);
}
