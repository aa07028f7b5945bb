import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright-core';
import { openPage } from './page-times.js';

const WRITER = new URL('../tail/writer.js', import.meta.url);
const WARM_UP_S = 20;

/** @see followForMinutes */
export interface LiveOptions {
  readonly redisUrl: string;
  readonly minutes: number;
  readonly perSecond: number;
}

/** Follows what a logger writes, in a page that is open for so long, and compares its heap after a collection. */
export async function followForMinutes(
  browser: Browser,
  url: string,
  { redisUrl, minutes, perSecond }: LiveOptions,
): Promise<{ readonly grownBytes: number; readonly writtenPerSecond: number; readonly behindMs: number }> {
  const page = await openPage(browser);
  await page.goto(`${url}/?live`);
  await page.locator('.count', { hasText: 'Following' }).waitFor();
  const debug = await page.context().newCDPSession(page);
  const seconds = minutes * 60 + WARM_UP_S + 10;
  const writer = fork(WRITER, [redisUrl, perSecond, seconds, 50].map(String));
  const ended = once(writer, 'exit');
  await sleep(WARM_UP_S * 1_000);
  const [before, countBefore, from] = [await heapBytes(debug), await countOf(url), performance.now()];
  await sleep(minutes * 60_000);
  const newest = await page.locator('.row time').first().getAttribute('datetime');
  const behindMs = Date.now() - Date.parse(newest ?? '');
  const [after, countAfter, to] = [await heapBytes(debug), await countOf(url), performance.now()];
  await ended;
  await page.context().close();
  const writtenPerSecond = ((countAfter - countBefore) * 1_000) / (to - from);
  return { grownBytes: after - before, writtenPerSecond, behindMs };
}

async function heapBytes(debug: CDPSession): Promise<number> {
  await debug.send('HeapProfiler.collectGarbage');
  return (await debug.send('Runtime.getHeapUsage')).usedSize;
}

/** Entries of the writer that are stored. */
async function countOf(url: string): Promise<number> {
  const reply = await fetch(`${url}/logs/histogram?component=auth&buckets=1&hours=2`);
  return ((await reply.json()) as { total: number }).total;
}
