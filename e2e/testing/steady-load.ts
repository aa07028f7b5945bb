import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@tailrace/client';
import type { Logger } from '@tailrace/logger/internal';
import { expect } from 'vitest';
import { repeated } from './discrepancies.js';
import type { StoreContents } from './store-contents.js';

const TICK_MS = 20;

/**
 * Logs requests of many addresses, and entries without one, until it is stopped: each with an id of its own.
 *
 * @param rate entries a second
 */
export function startSteadyLoad(logger: Logger, random: () => number, rate = 2_000) {
  let count = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < (rate * TICK_MS) / 1_000; i++) {
      const request_id = `r${count++}`;
      if (random() < 0.2) logger.log('INFO', 'an entry', { request_id, component: 'worker' });
      else
        logger.request(undefined, {
          request_id,
          method: 'GET',
          path: '/orders',
          client_ip: `10.0.${Math.floor(random() * 4)}.${Math.floor(random() * 256)}`,
          status_code: 200,
        });
    }
  }, TICK_MS);
  return {
    /** @returns how many were accepted */
    async stop(): Promise<number> {
      clearInterval(timer);
      await logger.flush();
      return count;
    },
  };
}

/** Follows all entries of a gateway, from now on. */
export async function followAll(url: string) {
  const leaving = new AbortController();
  const ids: string[] = [];
  let gaps = 0;
  const following = (async () => {
    const client = createClient({ url });
    for await (const event of client.stream({}, { signal: leaving.signal })) {
      if (event.type === 'entry' && event.entry.request_id) ids.push(event.entry.request_id);
      if (event.type === 'gap' || event.type === 'missed') gaps++;
    }
  })().catch(() => undefined);
  await sleep(500);
  return {
    ids: ids as readonly string[],
    gaps: () => gaps,
    async leave(): Promise<void> {
      leaving.abort();
      await following;
    },
  };
}

/** That all is written, and each entry is everywhere once. */
export async function expectEachOnce(
  logger: Logger,
  accepted: number,
  read: () => Promise<StoreContents>,
): Promise<void> {
  await expect
    .poll(() => logger.stats(), { timeout: 60_000, interval: 200 })
    .toMatchObject({ accepted, written: accepted, pending: 0, spooled: 0, unconfirmed: 0, dropped: {} });
  const { hashes, streamed, indexed, counted, written } = await read();
  expect(repeated('the hashes', hashes)).toEqual([]);
  expect(repeated('the streams', streamed)).toEqual([]);
  expect({ hashes: hashes.length, streamed: streamed.length, indexed, counted, written }).toEqual({
    hashes: accepted,
    streamed: accepted,
    indexed: accepted,
    counted: accepted,
    written: accepted,
  });
}

/** That a follower was sent each entry once, or told of a gap. */
export async function expectFollowed(
  { ids, gaps }: Pick<Awaited<ReturnType<typeof followAll>>, 'ids' | 'gaps'>,
  accepted: number,
): Promise<void> {
  await expect.poll(() => new Set(ids).size >= accepted || gaps() > 0, { timeout: 30_000 }).toBe(true);
  expect(repeated('the live tail', ids)).toEqual([]);
}
