import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configureLogger, log_request, stats } from '@tailrace/logger';
import { Redis } from 'ioredis';

/** What a writer says of itself when the outage ends. */
export interface OutageFigures {
  readonly logged: number;
  /** Bytes by which the process has grown since the outage began, at most. */
  readonly grownBytes: number;
  readonly spooledBytes: number;
}

/** Arguments: name of the writer, URL of Redis, entries a second. */
const [name, url = '', rate] = process.argv.slice(2);
const TICK_MS = 10;
const STREAM = 'stream:requests';
const STREAM_LENGTH = 10_000_000;

/** Logs at a steady rate until it is told that the outage has ended, sends its figures, and goes on writing what waits. */
async function main(): Promise<void> {
  const log = name === 'tailrace' ? tailrace() : offlineQueue();
  let isOver = false;
  let logged = 0;
  let rssBefore = Number.NaN;
  let rssMax = 0;
  process.on('message', (message) => {
    if (message === 'outage') rssBefore = process.memoryUsage.rss();
    if (message === 'over') isOver = true;
    if (message === 'end') process.exit();
  });
  const start = performance.now();
  while (!isOver) {
    for (const due = ((performance.now() - start) * Number(rate)) / 1_000; logged < due; logged++)
      log(logged);
    if (rssBefore > 0) rssMax = Math.max(rssMax, process.memoryUsage.rss());
    await sleep(TICK_MS);
  }
  const { spooledBytes } = stats();
  process.send?.({ logged, grownBytes: rssMax - rssBefore, spooledBytes } satisfies OutageFigures);
}

function tailrace(): (n: number) => void {
  const spoolDir = mkdtempSync(join(tmpdir(), 'tailrace-bench-'));
  process.on('exit', () => rmSync(spoolDir, { recursive: true, force: true }));
  configureLogger({ redis: url, spoolDir, streamMaxLength: STREAM_LENGTH, onError: () => undefined });
  return (n) => {
    const { method, path, client_ip, proxy_hostname, ...rest } = request(n);
    log_request(method, path, client_ip, proxy_hostname, rest);
  };
}

/** As transports do that send each line by ioredis, which keeps what it cannot send. */
function offlineQueue(): (n: number) => void {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  return (n) => {
    const line = JSON.stringify(request(n));
    redis.xadd(STREAM, 'MAXLEN', '~', STREAM_LENGTH, '*', 'data', line).catch(() => undefined);
  };
}

function request(n: number) {
  return {
    method: 'GET',
    path: '/api/items',
    client_ip: `192.0.2.${n % 250}`,
    proxy_hostname: 'api.example.com',
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

await main();
