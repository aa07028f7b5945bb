import { setTimeout as sleep } from 'node:timers/promises';
import { configureLogger, flush, log_request, stats } from '@tailrace/logger';
import { Redis } from 'ioredis';
import { type SampleRequest, sampleRequests } from './sample-requests.js';
import { specCommands } from './spec-commands.js';

/** What one contender measured of itself while it wrote. */
export interface ContenderResult {
  readonly seconds: number;
  readonly cpuMicroseconds: number;
}

const PIPELINE_ENTRIES = 1_000;
/** Calls made before the event loop gets its turn, as a busy service would. */
const BURST = 500;
const MAX_PENDING = 2_000;
/** How often to look whether less is pending: seldom, because looking is not the logger's work. */
const LOOK_MS = 10;
/** Requests written before the clock starts: a service has been running for a while. */
const WARM_UP = 60_000;

/**
 * Runs in a process of its own, so that each contender starts with a fresh heap: `contender.js snippets|tailrace URL COUNT
 * NOW`. It warms up, waits for a message, writes, and sends its figures. Making the requests is not part of them.
 */
async function main(): Promise<void> {
  const [name, url = '', count, now] = process.argv.slice(2);
  const contender = name === 'tailrace' ? tailrace(url) : snippets(url);
  for (const requests of sampleRequests(WARM_UP, Number(now), 7)) await contender.write(requests);
  process.send?.('warm');
  await new Promise((resolve) => process.once('message', resolve));
  const result = await measured(contender, sampleRequests(Number(count), Number(now)));
  process.send?.(result, () => process.exit());
}

interface Contender {
  write(requests: readonly SampleRequest[]): Promise<void>;
  /** @throws when entries were lost. */
  finish(): void;
}

async function measured(contender: Contender, slices: Generator<SampleRequest[]>): Promise<ContenderResult> {
  let seconds = 0;
  let cpuMicroseconds = 0;
  const timed = async (work: () => Promise<void>) => {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await work();
    seconds += (performance.now() - start) / 1000;
    const used = process.cpuUsage(cpu);
    cpuMicroseconds += used.user + used.system;
  };
  for (const requests of slices) {
    collectGarbage();
    await timed(() => contender.write(requests));
  }
  contender.finish();
  return { seconds, cpuMicroseconds };
}

/** What making the requests leaves to the garbage collector is no contender's work: twice, and all of them are in the old space. */
function collectGarbage(): void {
  for (let i = 0; i < 2; i++) globalThis.gc?.({ type: 'minor' });
}

function snippets(url: string): Contender {
  const redis = new Redis(url);
  return {
    write: async (requests) => {
      for (let at = 0; at < requests.length; at += PIPELINE_ENTRIES) {
        const pipeline = redis.pipeline();
        for (const request of requests.slice(at, at + PIPELINE_ENTRIES)) {
          for (const [command, ...args] of specCommands(request)) pipeline.call(String(command), ...args);
        }
        await pipeline.exec();
      }
    },
    finish: () => undefined,
  };
}

function tailrace(url: string): Contender {
  configureLogger({ redis: url });
  return {
    write: async (requests) => {
      for (const [i, request] of requests.entries()) {
        logOne(request);
        if (i % BURST !== BURST - 1) continue;
        await new Promise(setImmediate);
        while (stats().pending > MAX_PENDING) await sleep(LOOK_MS);
      }
      // Else the server would go on with these while the next requests are made, which is not timed.
      await flush();
      while (stats().spooled > 0) await sleep(2);
    },
    finish: () => {
      const { dropped, written, accepted } = stats();
      if (written !== accepted) throw new Error(`entries were lost: ${JSON.stringify(dropped)}`);
    },
  };
}

function logOne(request: SampleRequest): void {
  log_request(request.method, request.path, request.client_ip, request.proxy_hostname, {
    timestamp: request.timestamp,
    client_hostname: request.client_hostname,
    status_code: request.status_code,
    response_time_ms: request.response_time_ms,
    user_id: request.user_id,
    user_agent: request.user_agent,
    referrer: request.referrer,
    bytes_sent: request.bytes_sent,
  });
}

await main();
