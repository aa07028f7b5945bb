import { redisScript, runScript } from '@tailrace/redis';
import { type Cursor, MAX_ORDER, placeOfScore, scoreOf, scoreRange } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { type FetchedHash, MAX_CALL_BYTES } from './entry-fetch.js';
import type { TextDecision } from './text-decision.js';
import { WALK_INDEX_LUA } from './walk-index.lua.js';

const WALK_SCRIPT = redisScript(WALK_INDEX_LUA);

/** One sorted set to walk, and what its members must also be in. */
export interface IndexWalkOptions {
  readonly key: string;
  /** Lowest and highest timestamp in whole milliseconds, both included. */
  readonly from: number;
  readonly to: number;
  /** Start behind this place, where it lies before `to`. */
  readonly after: Cursor | undefined;
  /** Groups of keys: a candidate is in at least one key of every group. */
  readonly probes: readonly (readonly string[])[];
  /** Keys that hold no candidate. */
  readonly excluded: readonly string[];
  /** What the server decides by the texts of members. */
  readonly texts?: TextDecision | undefined;
}

/** A member that passed the probes. */
export interface Candidate {
  readonly place: Cursor;
  /** What its hash holds, where it was read along. */
  readonly hash: FetchedHash | undefined;
}

/** How far one call may go. */
export interface Stride {
  /** Candidates after which the call may stop; it can return somewhat more. */
  readonly wanted: number;
  /** How many of their hashes are read along; those that come first. */
  readonly hashes: number;
  /** Lookups of a member in a key, over all members walked: they bound the time a call holds Redis for. */
  readonly maxLookups: number;
}

/** Looking into the texts of an entry takes as long as so many lookups. */
const TEXT_LOOKUPS = 4;
/** Bytes of texts after which a call walks no further: some 2 ms of Redis 7.0. */
const MAX_TEXT_BYTES = 1_000_000;

/** Reads the candidates one sorted set holds, newest first, a bounded call at a time. */
export class IndexWalk {
  /** Candidates read and not yet taken, the newest last. */
  readonly candidates: Candidate[] = [];
  readonly #redis: Redis;
  readonly #options: IndexWalkOptions;
  readonly #keys: readonly string[];
  readonly #texts: string;
  #reached: Cursor | undefined;
  #ended = false;
  #members = 0;

  constructor(redis: Redis, options: IndexWalkOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#keys = [options.key, ...options.probes.flat(), ...options.excluded];
    this.#texts = options.texts === undefined ? '' : JSON.stringify(options.texts);
  }

  /** True when the set holds no more in the window. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The last place walked; `undefined` before the first call. */
  get reached(): Cursor | undefined {
    return this.#reached;
  }

  /** Members the set has in the window, as of the last call. */
  get members(): number {
    return this.#members;
  }

  /** Reads on by one call, when all candidates are taken. @returns how many members it walked; 0 only at the end. */
  async advance({ wanted, hashes, maxLookups }: Stride): Promise<number> {
    const { probes, excluded } = this.#options;
    const { lowest, highest } = scoreRange(this.#options);
    const behind = this.#reached ?? this.#start();
    const reply = (await runScript(this.#redis, WALK_SCRIPT, this.#keys, [
      lowest,
      highest,
      scoreOf(behind),
      behind.id,
      wanted,
      Math.max(1, Math.floor(maxLookups / (this.#keys.length + (this.#texts === '' ? 0 : TEXT_LOOKUPS)))),
      hashes,
      MAX_CALL_BYTES,
      this.#texts,
      MAX_TEXT_BYTES,
      ...probes.map((group) => group.length),
      ...(excluded.length > 0 ? [-excluded.length] : []),
    ])) as WalkReply;
    const [members, walked, ended, lastScore, lastId, ids, scores, json] = reply;
    const read: FetchedHash[] = json === '' ? [] : JSON.parse(json);
    if (walked > 0) this.#reached = { ...placeOfScore(Number(lastScore)), id: lastId };
    this.#members = members;
    this.#ended = ended === 1;
    for (let i = ids.length - 1; i >= 0; i--) {
      this.candidates.push({
        place: { ...placeOfScore(Number(scores[i])), id: ids[i] as string },
        hash: read[i],
      });
    }
    return walked;
  }

  #start(): Cursor {
    const { after, to } = this.#options;
    return after !== undefined && after.timestamp <= to ? after : { timestamp: to, order: MAX_ORDER, id: '' };
  }
}

type WalkReply = [
  members: number,
  walked: number,
  ended: number,
  lastScore: string,
  lastId: string,
  ids: string[],
  scores: string[],
  json: string,
];
