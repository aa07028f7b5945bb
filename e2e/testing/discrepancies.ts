import { decodeStreamEntry, Keyspace, LOGGER_COMPONENT } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { readCounts, readSortedSet } from './stored-keys.js';
import type { LedgerLine } from './writer-process.js';

const keyspace = new Keyspace();
const PAGE = 5_000;
/** The client of every entry that a `writer-process` logs. */
const IP_INDEX = 'idx:req:ip:198.51.100.9';
const SHOWN = 5;

/** Where the keys of entries are that a `writer-process` logged; notices of drops are not among them. */
export interface StoredEntries {
  /** Id by key, from the hashes. */
  readonly ids: ReadonlyMap<string, string>;
  /** In the order of the stream, as often as they are in it. */
  readonly streamed: readonly string[];
}

/** Reads every hash and the whole stream. */
export async function readStored(redis: Redis): Promise<StoredEntries> {
  return { ids: await readIds(redis), streamed: await readStreamedKeys(redis) };
}

/**
 * Compares what was accepted with the hashes, the stream, the index by IP, the counts of requests and the records of
 * the writers.
 *
 * @returns a sentence for each difference; none when every accepted entry is there exactly once, and nothing else is.
 */
export async function discrepancies(redis: Redis, ledger: readonly LedgerLine[]): Promise<string[]> {
  const accepted = new Set(ledger.map(({ key }) => key));
  const { ids, streamed } = await readStored(redis);
  const indexed = await readSortedSet(redis, IP_INDEX);
  return [
    ...difference('hashes', accepted, new Set(ids.keys())),
    ...difference('the stream', accepted, new Set(streamed)),
    ...difference('the index by IP', new Set(ids.values()), new Set(indexed.keys())),
    ...repeated('the stream', streamed),
    ...(await wrongCounts(redis, ledger)),
  ];
}

/** @returns a sentence when entries are there more than once. */
export function repeated(place: string, keys: readonly string[]): string[] {
  const seen = new Set<string>();
  const again = keys.filter((key) => seen.size === seen.add(key).size);
  return again.length === 0 ? [] : [`${place} has ${again.length} twice: ${again.slice(0, SHOWN)}`];
}

function difference(place: string, wanted: ReadonlySet<string>, found: ReadonlySet<string>): string[] {
  const missing = [...wanted].filter((key) => !found.has(key));
  const foreign = [...found].filter((key) => !wanted.has(key));
  return [
    ...(missing.length > 0
      ? [`${place} lacks ${missing.length} of ${wanted.size}: ${missing.slice(0, SHOWN)}`]
      : []),
    ...(foreign.length > 0
      ? [`${place} has ${foreign.length} that nobody logged: ${foreign.slice(0, SHOWN)}`]
      : []),
  ];
}

async function wrongCounts(redis: Redis, ledger: readonly LedgerLine[]): Promise<string[]> {
  const requests = ledger.filter(({ key }) => !isLogEntry(key)).length;
  const hours = new Set(ledger.map(({ at }) => keyspace.requestStats(at)));
  let counted = 0;
  for (const hour of hours) counted += (await readCounts(redis, hour)).get('total') ?? 0;
  let written = 0;
  for (const key of await matchingKeys(redis, 'writers:*')) {
    written += Number((await redis.hget(key, 'written')) ?? 0);
  }
  return [
    ...(counted === requests ? [] : [`${counted} of ${requests} requests are counted`]),
    ...(written === ledger.length
      ? []
      : [`the writers say they wrote ${written} entries of ${ledger.length}`]),
  ];
}

/** Every fiftieth entry of a `writer-process` is no request. */
function isLogEntry(key: string): boolean {
  return Number(key.split('-')[1]) % 50 === 49;
}

async function readIds(redis: Redis): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const pattern of ['req:*', 'log:*']) {
    const found = await matchingKeys(redis, pattern);
    for (let at = 0; at < found.length; at += PAGE) {
      const page = found.slice(at, at + PAGE);
      const pipeline = redis.pipeline();
      for (const id of page) pipeline.hget(id, 'request_id');
      const replies = (await pipeline.exec()) ?? [];
      for (const [i, [, key]] of replies.entries()) {
        if (typeof key === 'string') ids.set(key, page[i] as string);
      }
    }
  }
  return ids;
}

async function readStreamedKeys(redis: Redis): Promise<string[]> {
  const keys: string[] = [];
  for (let from = '-'; ; ) {
    const page = await redis.xrange(keyspace.stream(), from, '+', 'COUNT', PAGE);
    for (const [, [, json]] of page) {
      const entry = decodeStreamEntry(json as string);
      if (entry?.component !== LOGGER_COMPONENT) keys.push(entry?.request_id ?? 'an entry without a key');
    }
    if (page.length < PAGE) return keys;
    from = `(${page.at(-1)?.[0]}`;
  }
}

async function matchingKeys(redis: Redis, pattern: string): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}
