import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { configureLogger, flush, log_request, stats } from '@tailrace/logger';
import { destination, pino } from 'pino';

/** Delay of the event loop beyond its turn, in milliseconds. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Arguments: name of the load, URL of Redis, calls a second, seconds. */
const [name, url = '', rate, seconds] = process.argv.slice(2);
const RESOLUTION_MS = 1;
const TICK_MS = 5;
const WARM_UP_SECONDS = 2;

/**
 * Runs in a process of its own, makes one of the loads for some seconds, and sends how late the event loop was
 * meanwhile.
 */
async function main(): Promise<void> {
  const call = makeCall();
  await load(call, WARM_UP_SECONDS);
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  await load(call, Number(seconds));
  histogram.disable();
  await flush();
  const { accepted, written } = stats();
  if (accepted !== written) throw new Error('entries were not written; the figures would be of less work');
  // The histogram has the time between two turns of a timer, its own interval included.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const delay: LoopDelay = {
    p50: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  };
  process.send?.(delay, () => process.exit());
}

function makeCall(): (n: number) => void {
  if (name === 'idle') return () => undefined;
  if (name === 'tailrace') {
    configureLogger({ redis: url, spoolDir: false });
    return (n) => log_request('GET', '/api/items', '192.0.2.10', 'api.example.com', fields(n));
  }
  const file = name === 'pino-file' ? url : '/dev/null';
  const logger = pino(destination({ dest: file, sync: false, minLength: 4096 }));
  return (n) =>
    logger.info(
      {
        method: 'GET',
        path: '/api/items',
        client_ip: '192.0.2.10',
        proxy_hostname: 'api.example.com',
        ...fields(n),
      },
      'request',
    );
}

function fields(n: number) {
  return {
    status_code: n % 10 === 0 ? 404 : 200,
    response_time_ms: n % 300,
    bytes_sent: n,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
    referrer: 'https://www.example.com/',
    user_id: `user-${n % 3_000}`,
    session_id: `session-${n % 500}`,
    client_hostname: 'host.example.net',
  };
}

/** Spread over the time, as requests are: a few calls every few milliseconds. */
async function load(call: (n: number) => void, forSeconds: number): Promise<void> {
  const start = performance.now();
  let made = 0;
  for (let elapsed = 0; elapsed < forSeconds; elapsed = (performance.now() - start) / 1_000) {
    for (const due = elapsed * Number(rate); made < due; made++) call(made);
    await sleep(TICK_MS);
  }
}

await main();
