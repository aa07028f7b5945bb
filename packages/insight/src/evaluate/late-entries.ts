import { compareStreamIds, parseStreamEntry, readStream } from '@tailrace/query';
import type { Entry } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** What was added to the stream since the last look. */
export interface NewEntries {
  readonly entries: readonly Entry[];
  /** Where to go on. */
  readonly cursor: string;
  /** The stream no longer has all that was added: anything may have come late. */
  readonly isGap: boolean;
  /** There is more. */
  readonly isMore: boolean;
}

const COUNT = 2_000;

/** Reads what was added to the stream behind `cursor`; without one nothing, and where the stream ends now. */
export async function readNewEntries(
  redis: Redis,
  key: string,
  cursor: string | undefined,
): Promise<NewEntries> {
  if (cursor === undefined) {
    const { state } = await readStream(redis, key, { from: '+', to: '-', count: 1, isReverse: true });
    return { entries: [], cursor: state.lastId, isGap: false, isMore: false };
  }
  const read = await readStream(redis, key, { from: `(${cursor}`, to: '+', count: COUNT });
  const { firstId, lastId, removed } = read.state;
  const isNewStream = compareStreamIds(lastId, cursor) < 0;
  const isTrimmed = firstId !== undefined && removed > 0 && compareStreamIds(firstId, cursor) > 0;
  if (isNewStream) return { entries: [], cursor: lastId, isGap: true, isMore: false };
  return {
    entries: read.entries.flatMap(([, fields]) => parseStreamEntry(fields) ?? []),
    cursor: read.entries.at(-1)?.[0] ?? cursor,
    isGap: isTrimmed,
    isMore: !read.isAll,
  };
}
