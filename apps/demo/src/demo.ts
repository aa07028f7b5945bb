import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloseResult,
  close,
  configureLogger,
  log_audit,
  log_error,
  log_event,
  log_info,
  log_warning,
} from '@tailrace/logger';
import { createDemoApp } from './app.js';
import { createClients, type DemoClient } from './clients.js';
import type { DemoConfig } from './config.js';
import { createRandom } from './random.js';
import { findRedisUrl } from './redis-url.js';
import { progressText, startText, summaryText } from './report.js';
import { listen } from './server.js';
import { sendTraffic } from './traffic.js';
import { TrafficCounts } from './traffic-counts.js';

/** Where the demo shows what it does. */
export interface DemoOutput {
  /** Takes whole lines. */
  write(text: string): void;
  /** Shows one line in place of the one before; `''` takes it away. */
  progress(line: string): void;
  /** Takes a line about the logger's own trouble. */
  trouble(line: string): void;
}

/** The same clients ask for the same things in every run. */
const SEED = 20_240_115;
const PROGRESS_MS = 1_000;
const CLOSE_DEADLINE_MS = 5_000;

/**
 * Runs the app and its traffic until the time is over or `signal` says so, and writes every entry.
 *
 * @returns what became of the entries.
 * @throws DemoError when a setting makes it impossible; nothing is left running.
 */
export async function runDemo(
  config: DemoConfig,
  output: DemoOutput,
  signal: AbortSignal,
): Promise<CloseResult> {
  const redisUrl = await findRedisUrl(config);
  const random = createRandom(SEED);
  const log = { log_audit, log_error, log_event, log_info, log_warning };
  const work = (minMs: number, maxMs: number) => sleep(random.integer(minMs, maxMs));
  const now = () => performance.now();
  const app = createDemoApp({ log, work, now });
  const server = await listen((request, env) => app.fetch(request, env), config.port);
  configureLogger({ redis: redisUrl, onError: ({ message }) => output.trouble(message) });
  const clients = createClients(random);
  const { ip } = clients[0] as DemoClient;
  output.write(startText(config, { appUrl: server.url, redisUrl, client: ip }));

  const counts = new TrafficCounts();
  const started = now();
  const elapsedSeconds = () => (now() - started) / 1000;
  const showing = setInterval(
    () => output.progress(progressText(counts, elapsedSeconds(), config.seconds)),
    PROGRESS_MS,
  );
  await sendTraffic({ url: server.url, seconds: config.seconds, clients, random, counts, signal });
  const took = elapsedSeconds();
  clearInterval(showing);
  output.progress('');
  await server.close();
  const logged = await close(CLOSE_DEADLINE_MS);
  output.write(summaryText(config, counts, logged, took));
  return logged;
}
