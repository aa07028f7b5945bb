import type { EntryInput } from '@tailrace/schema';
import { createEntryWriter } from '@tailrace/writer';
import type { Redis } from 'ioredis';
import { type BenchServer, startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { sampleRequests } from '../write/sample-requests.js';

/** Entries a call of the writer gets. */
const SLICE = 1_000;
const OURS = ['--hash-max-listpack-value', '1024'];

/** One kind of entry: what is written, beside nothing else. */
interface Kind {
  readonly name: string;
  entryOf(request: EntryInput, at: number): EntryInput;
}

const KINDS: readonly Kind[] = [
  { name: 'request, 12 fields', entryOf: (request) => request },
  {
    name: 'log line, message and 2 fields',
    entryOf: ({ timestamp }, at) => ({
      timestamp: timestamp as number,
      level: 'INFO',
      component: `part-${at % 8}`,
      message: `order ${at} packed and handed over`,
      data: { order: at, lines: at % 7 },
    }),
  },
  {
    name: 'error with a stack of 1,000 letters',
    entryOf: ({ timestamp, client_ip, user_id }, at) => ({
      timestamp: timestamp as number,
      level: 'ERROR',
      component: `part-${at % 8}`,
      message: 'connect ECONNREFUSED 127.0.0.1:5432',
      client_ip: client_ip as string,
      user_id: user_id as string,
      error: { type: 'Error', message: `connect ECONNREFUSED, try ${at}`, stack: stackOf(at) },
    }),
  },
  {
    name: 'audit entry about 2 objects',
    entryOf: ({ timestamp, user_id }, at) => ({
      timestamp: timestamp as number,
      level: 'AUDIT',
      component: 'storage',
      message: 'volume attached',
      user_id: user_id as string,
      objects: [`vm-${at % 500}`, `vol-${at % 900}`],
      outcome: 'success',
    }),
  },
];

/**
 * What an entry takes in Redis: its hash, its places in indexes, and its part of stream and counters, as `MEMORY USAGE`
 * says of every key, and the growth of `used_memory` beside that. A server for each kind and setting.
 */
export async function benchSizes({ entries = 50_000 }: { entries?: number }): Promise<BenchTable> {
  const rows: (string | number)[][] = [];
  for (const [setting, settings] of [
    ['default', []],
    ['ours', OURS],
  ] as const) {
    for (const kind of KINDS) {
      const server = await startRedisServer(settings);
      try {
        rows.push([kind.name, setting, ...(await sizesOf(server, kind, entries))]);
      } finally {
        await server.stop();
      }
    }
  }
  return {
    title: `sizes: bytes an entry of ${entries.toLocaleString('en-US')} in redis-server`,
    columns: [
      'entry',
      'server settings',
      'hash',
      'indexes',
      'places in indexes',
      'used_memory without stream',
      'stream',
    ],
    rows,
    notes: [
      'hash, indexes and stream: MEMORY USAGE of all keys of a kind, SAMPLES 0, divided by the entries.',
      'used_memory without stream has besides what Redis itself needs for each key; the stream holds 100,000 entries at most.',
      'ours: hash-max-listpack-value 1024, as in docker-compose.yml and the embedded engine.',
    ],
  };
}

async function sizesOf(server: BenchServer, kind: Kind, entries: number): Promise<number[]> {
  const before = await server.usedMemory();
  const writer = createEntryWriter({ redis: server.url });
  let at = 0;
  for (const requests of sampleRequests(entries, Date.now())) {
    for (let from = 0; from < requests.length; from += SLICE) {
      const slice = requests.slice(from, from + SLICE);
      await writer.write(slice.map((request) => kind.entryOf(request, at++)));
    }
  }
  await writer.close();
  const grown = (await server.usedMemory()) - before;
  const { hash, index, stream, places } = await usageOf(server.redis);
  return [hash, index, places, grown - stream, stream].map((sum) => Math.round((sum / entries) * 10) / 10);
}

async function usageOf(redis: Redis): Promise<Record<'hash' | 'index' | 'stream' | 'places', number>> {
  const sums = { hash: 0, index: 0, stream: 0, places: 0 };
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000);
    cursor = next;
    for (const key of keys) {
      const bytes = Number(await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0'));
      if (/^(req|log):/.test(key)) sums.hash += bytes;
      else if (key.startsWith('stream:')) sums.stream += bytes;
      else if (/^(idx|oauth):/.test(key)) {
        sums.index += bytes;
        sums.places += await redis.zcard(key);
      }
    }
  } while (cursor !== '0');
  return sums;
}

function stackOf(at: number): string {
  const frame = `    at connect (file:///srv/app/dist/db/pool.js:${at % 900}:17)\n`;
  return `Error: connect ECONNREFUSED\n${frame.repeat(Math.ceil(1_000 / frame.length))}`.slice(0, 1_000);
}
