import { setTimeout as sleep } from 'node:timers/promises';
import { configureLogger, flush, log_request, stats } from '@tailrace/logger';
import { type SampleRequest, sampleRequests } from '../write/sample-requests.js';

/** Calls made before the event loop gets its turn, as a busy service would. */
const BURST = 500;
const MAX_PENDING = 2_000;
/** Requests of the sample that is written for a time. */
const ENDLESS = 2_000_000;

/**
 * Runs in a process of its own: `writer.js URL load COUNT NOW` writes a sample of COUNT requests and sends how many it
 * wrote; `writer.js URL rate SECONDS` writes for so long, as fast as it can, and sends how many a second.
 */
async function main(): Promise<void> {
  const [url = '', mode, ...numbers] = process.argv.slice(2);
  configureLogger({ redis: url });
  process.send?.(await (mode === 'load' ? load(numbers.map(Number)) : writeFor(Number(numbers[0]))), () =>
    process.exit(),
  );
}

async function load([count = 0, now = 0]: readonly number[]): Promise<number> {
  for (const slice of sampleRequests(count, now)) await write(slice);
  await flush();
  const { accepted, written } = stats();
  if (written !== accepted) throw new Error(`${accepted - written} entries were lost`);
  return written;
}

async function writeFor(seconds: number): Promise<number> {
  const samples = sampleRequests(ENDLESS, Date.now(), 7);
  const next = () => samples.next().value as SampleRequest[];
  await write(next());
  const before = stats().written;
  let spentMs = 0;
  while (spentMs < seconds * 1_000) {
    const slice = next();
    const start = performance.now();
    await write(slice);
    await flush();
    spentMs += performance.now() - start;
  }
  return ((stats().written - before) * 1_000) / spentMs;
}

async function write(requests: readonly SampleRequest[]): Promise<void> {
  for (const [i, request] of requests.entries()) {
    const { method, path, client_ip, proxy_hostname, ...fields } = request;
    log_request(method, path, client_ip, proxy_hostname, fields);
    if (i % BURST === BURST - 1) await new Promise(setImmediate);
    while (stats().pending > MAX_PENDING) await sleep(2);
  }
}

await main();
