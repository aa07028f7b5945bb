import { filterSchema } from '@tailrace/api';
import type { LogReader, Statistics } from '@tailrace/query';
import type { Filter, TimeWindow } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** What questions are put to. */
export interface Asked {
  readonly reader: LogReader;
  readonly statistics: Statistics;
}

/** One question the bench asks. */
export interface Query {
  readonly name: string;
  /** @returns whether the reply is partial. */
  readonly ask: (asked: Asked, window: TimeWindow) => Promise<boolean>;
  /** The commands that reply the same entries. */
  readonly bare?: (redis: Redis) => Promise<unknown>;
}

const PAGE = 100;
const HOUR_MS = 3_600_000;
/** The busiest client of the sample. */
export const BUSY_IP = '100.10.0.0';

/** What is asked. */
export const QUERIES: readonly Query[] = [
  search('by IP, 100 newest', { ip: BUSY_IP }, newestOf(`idx:req:ip:${BUSY_IP}`)),
  {
    name: 'errors, 100 newest',
    ask: async ({ reader }, window) =>
      (await reader.search({ filter: {}, window, limit: PAGE, errorsOnly: true })).partial,
    bare: newestOf('idx:req:errors'),
  },
  search('no filter, 100 newest', {}),
  search('host, status and user, rare', {
    host: 'api-8.example.com',
    status: '5xx',
    user: ['user-2500', 'user-2600'],
  }),
  search('host, status and IP range, rare', {
    host: 'api-7.example.com',
    status: '500',
    ip: '190.0.0.0/8',
  }),
  search('path prefix and status, rare', { path: '/api/v1/resource-5*', status: '500' }),
  search('all but 200 and GET', { 'status!': '200', 'method!': 'GET' }),
  search('q, in 1 of 20 entries', { q: 'bingbot' }),
  search('q, in no entry', { q: 'nowhere' }),
  {
    name: 'figures of an hour, with percentiles',
    ask: async ({ statistics }, { to }) => {
      await statistics.summary({ filter: {}, window: { from: to - HOUR_MS, to } });
      return false;
    },
  },
  {
    name: 'histogram of 60 buckets, by status',
    ask: async ({ statistics }, { to }) => {
      const window = { from: to - HOUR_MS, to };
      await statistics.histogram({ filter: {}, window, buckets: 60, split: 'status' });
      return false;
    },
  },
];

function search(name: string, parameters: object, bare?: Query['bare']): Query {
  const filter: Filter = filterSchema.parse(parameters);
  return {
    name,
    ask: async ({ reader }, window) => (await reader.search({ filter, window, limit: PAGE })).partial,
    ...(bare && { bare }),
  };
}

function newestOf(key: string) {
  return async (redis: Redis) => {
    const ids = await redis.zrevrange(key, 0, PAGE - 1);
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hgetall(id);
    return pipeline.exec();
  };
}
