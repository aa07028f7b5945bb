import { HOUR_MS, type Keyspace, METHOD_KEYS, OTHER_VALUE, otherPathValue } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { pipelined } from './hour-counters.js';

/** Requests of some hours whose host was counted with the others, past what a writer counts by name. */
export async function foldedHosts(
  redis: Redis,
  keyspace: Keyspace,
  hours: readonly number[],
): Promise<number> {
  const keys = hours.map((hour) => keyspace.hostStats(hour));
  const scores = await pipelined<string | null>(redis, keys, (pipeline, key) =>
    pipeline.zscore(key, OTHER_VALUE),
  );
  return scores.reduce((sum, score) => sum + Number(score ?? 0), 0);
}

/** Requests of the present hour. */
export interface FoldedNow {
  readonly host: number;
  readonly path: number;
}

/** Requests of the present hour whose host, or path, was counted with the others. @param now epoch milliseconds */
export async function foldedNow(redis: Redis, keyspace: Keyspace, now: number): Promise<FoldedNow> {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const [host, scores] = await Promise.all([
    foldedHosts(redis, keyspace, [hour]),
    pipelined<string | null>(redis, METHOD_KEYS, (pipeline, method) =>
      pipeline.zscore(keyspace.pathStats(hour), otherPathValue(method)),
    ),
  ]);
  return { host, path: scores.reduce((sum, score) => sum + Number(score ?? 0), 0) };
}
