import type { ChainableCommander } from 'ioredis';
import { STREAM_START } from './stream-entry.js';

/** What Redis knows of a stream as a whole (XINFO STREAM, Redis 7.0). */
export interface StreamState {
  /** Stream id of the first entry it has; `undefined` when it has none. */
  readonly firstId: string | undefined;
  /** The last stream id it has given. */
  readonly lastId: string;
  /** Entries ever added. */
  readonly added: number;
  /** Entries it no longer has. */
  readonly removed: number;
  /** The highest stream id that was deleted on its own (XDEL), which no trimming counts. */
  readonly maxDeletedId: string;
}

/** A stream whose key is missing. */
export const NO_STREAM: StreamState = {
  firstId: undefined,
  lastId: STREAM_START,
  added: 0,
  removed: 0,
  maxDeletedId: STREAM_START,
};

/**
 * Sends one more command and, right before it, asks for the state of the stream at `key`; nobody's command comes between.
 *
 * @throws what Redis replies to either command; a missing key is an empty stream.
 */
export async function withStreamState<Reply>(
  pipeline: ChainableCommander,
  key: string,
  command: (pipeline: ChainableCommander) => unknown,
): Promise<{ readonly state: StreamState; readonly reply: Reply }> {
  pipeline.xinfo('STREAM', key);
  command(pipeline);
  const [info, reply] = (await pipeline.exec()) ?? [];
  if (info?.[0] && !/no such key/i.test(info[0].message)) throw info[0];
  if (reply?.[0]) throw reply[0];
  return {
    state: info?.[0] ? NO_STREAM : parseState(info?.[1] as unknown[]),
    reply: reply?.[1] as Reply,
  };
}

function parseState(reply: readonly unknown[]): StreamState {
  const field = (name: string) => reply[reply.indexOf(name) + 1];
  const first = field('first-entry') as [string, unknown] | null;
  const added = Number(field('entries-added'));
  return {
    firstId: first?.[0],
    lastId: String(field('last-generated-id')),
    added,
    removed: added - Number(field('length')),
    maxDeletedId: String(field('max-deleted-entry-id')),
  };
}
