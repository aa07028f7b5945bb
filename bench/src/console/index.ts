import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { startGateway } from '../import/processes.js';
import { loadEntries } from '../query/writing.js';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { followForMinutes } from './live-heap.js';
import { filterTimes, firstPaints, javaScriptBytes } from './page-times.js';
import { scrollRows } from './scroll-frames.js';

const DEFAULT_ENTRIES = 1_000_000;
const DEFAULT_MINUTES = 2;
const LIVE_PER_SECOND = 200;
const SCROLLED_ROWS = 100_000;
/** Debian's. */
const CHROMIUM = '/usr/bin/chromium';

/** What somebody waits for in the console: in a real browser, of a real gateway, with a redis-server that holds so many entries. */
export async function benchConsole({
  entries = DEFAULT_ENTRIES,
  minutes = DEFAULT_MINUTES,
}: {
  readonly entries?: number;
  readonly minutes?: number;
}): Promise<BenchTable> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing; apt-get install chromium`);
  const server = await startRedisServer();
  const gateway = await startGateway(server.url);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--enable-precise-memory-info',
    ],
  });
  try {
    await loadEntries(server.url, entries, Date.now());
    return await measure(browser, gateway.url, server.url, { entries, minutes });
  } finally {
    await browser.close();
    await gateway.stop();
    await server.stop();
  }
}

async function measure(
  browser: Browser,
  url: string,
  redisUrl: string,
  { entries, minutes }: { readonly entries: number; readonly minutes: number },
): Promise<BenchTable> {
  const bytes = await javaScriptBytes(url);
  const paints = await firstPaints(browser, `${url}/`);
  const filters = await filterTimes(browser, `${url}/?hours=2`);
  const scroll = await scrollRows(browser, `${url}/?hours=2`, Math.min(SCROLLED_ROWS, entries));
  const live = await followForMinutes(browser, url, { redisUrl, minutes, perSecond: LIVE_PER_SECOND });
  const shown = (values: readonly number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (place: number) => Math.round(sorted.at(place) ?? Number.NaN);
    return [at(sorted.length >> 1), at(-1)] as const;
  };
  return {
    title: `console: ${entries} entries, chromium without a graphics card, 1440 by 900`,
    columns: ['what', 'unit', 'median', 'most'],
    rows: [
      ['JavaScript of the page, gzipped', 'KB', Math.round(bytes / 100) / 10, '-'],
      ['from the address to the first entries painted', 'ms', ...shown(paints)],
      ['from a click on a count to the answer painted', 'ms', ...shown(filters)],
      [`scrolling ${scroll.rows} loaded rows, a frame`, 'ms', ...shown(scroll.frames)],
      [
        `the same, frames over 50 ms of ${scroll.frames.length}`,
        '',
        scroll.frames.filter((ms) => ms > 50).length,
        '-',
      ],
      [
        `live at ${LIVE_PER_SECOND} entries/s for ${minutes} min, growth of the heap`,
        'MB',
        Math.round(live.grownBytes / 1e5) / 10,
        '-',
      ],
      ['the same, entries written a second', '', Math.round(live.writtenPerSecond), '-'],
      ['the same, age of the newest row at the end', 'ms', Math.round(live.behindMs), '-'],
    ],
    notes: [
      'Painted: the second frame after the rows are in the page. Each page is opened in a profile of its own, so nothing is cached. A click filters by level, status or method, with the counts and the chart asked for at once.',
      'The heap is that after a collection: 20 seconds after the start and at the end. `--minutes 30` follows for half an hour.',
    ],
  };
}
