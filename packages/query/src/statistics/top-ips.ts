import { redisScript, runScript } from '@tailrace/redis';
import { scoreRange, type TimeWindow } from '@tailrace/schema';
import { COUNT_IPS_LUA } from './count-ips.lua.js';
import type { CounterContext } from './counter-context.js';
import { statusKeys } from './entries-over-time.js';
import { grow } from './entry-tally.js';
import type { ValueCounts } from './top.js';
import { countRanges } from './window-counts.js';

const COUNT_IPS_SCRIPT = redisScript(COUNT_IPS_LUA);

/** Requests one question may count: about a second of Redis. */
const MAX_REQUESTS = 500_000;
/** Requests counted in one call: about 2 ms of Redis. */
const CHUNK = 2_000;
const EVERY_STATUS = { from: 100, to: 599 };

/** Counts client IPs by their requests. The ids in the status index name them, so no entry is read. */
export async function ipsOfIndexes(context: CounterContext, window: TimeWindow): Promise<ValueCounts> {
  const { redis, keyspace, signal } = context;
  const keys = statusKeys(keyspace, [EVERY_STATUS]).flatMap((named) => named.keys.map(({ key }) => key));
  const held = await countRanges(
    redis,
    keys.map((key) => ({ key, ...window })),
  );
  const heldKeys = keys.filter((_, i) => held[i]);
  const from = await affordableStart(context, heldKeys, window);
  const scores = scoreRange({ from, to: window.to });
  const counts = new Map<string, number>();
  for (const key of heldKeys) {
    let last = '';
    let walked: number;
    do {
      signal?.throwIfAborted();
      const range = [scores.lowest, scores.highest, last, CHUNK, keyspace.base.length];
      let flat: (string | number)[];
      [walked, last, flat] = (await runScript(redis, COUNT_IPS_SCRIPT, [key], range)) as CountedIps;
      for (let i = 0; i < flat.length; i += 2) grow(counts, String(flat[i]), Number(flat[i + 1]));
    } while (walked === CHUNK);
  }
  const note =
    from > window.from
      ? `only the newest ${MAX_REQUESTS} requests are counted`
      : 'requests without a status are not counted';
  return { counts, coverage: { from, to: window.to, isExact: false, note } };
}

/** The earliest time from which on there are no more requests than may be counted. */
async function affordableStart(
  { redis }: CounterContext,
  keys: readonly string[],
  { from, to }: TimeWindow,
): Promise<number> {
  const countFrom = async (start: number) => {
    const counts = await countRanges(
      redis,
      keys.map((key) => ({ key, from: start, to })),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };
  if ((await countFrom(from)) <= MAX_REQUESTS) return from;
  let [tooEarly, affordable] = [Math.floor(from), Math.ceil(to) + 1];
  while (affordable - tooEarly > 1) {
    const middle = Math.floor((tooEarly + affordable) / 2);
    if ((await countFrom(middle)) <= MAX_REQUESTS) affordable = middle;
    else tooEarly = middle;
  }
  return affordable;
}

type CountedIps = [walked: number, last: string, flat: (string | number)[]];
