import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { pipelined } from './hour-counters.js';

/** Hosts of one hour that are looked at, those with the most requests first. */
const MAX_HOSTS = 1_000;
const CHUNK = 50;

/** The hosts that had requests in one hour. */
export interface HostHour {
  /** Start of the hour, epoch milliseconds. */
  readonly hour: number;
  /** Host (`-`: requests without one) and its requests, most first. */
  readonly hosts: readonly (readonly [host: string, requests: number])[];
}

/** Reads which hosts had requests, hour by hour in the order given. */
export async function readHostHours(
  redis: Redis,
  keyspace: Keyspace,
  hours: readonly number[],
): Promise<HostHour[]> {
  const read: HostHour[] = [];
  for (let i = 0; i < hours.length; i += CHUNK) {
    const chunk = hours.slice(i, i + CHUNK);
    const replies = await pipelined<string[]>(
      redis,
      chunk.map((hour) => keyspace.hostStats(hour)),
      (pipeline, key) => pipeline.zrevrange(key, 0, MAX_HOSTS - 1, 'WITHSCORES'),
    );
    chunk.forEach((hour, n) => {
      read.push({ hour, hosts: pairsOf(replies[n] ?? []) });
    });
  }
  return read;
}

/** Members and scores as Redis replies them, one after the other. */
export function pairsOf(flat: readonly string[]): (readonly [string, number])[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] as string, Number(flat[2 * i + 1])]);
}
