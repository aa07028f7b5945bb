import type { Cursor } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { runScript } from './redis-script.js';
import { WALK_SCRIPT } from './walk-script.lua.js';

/** One sorted set to walk, and what its members must also be in. */
export interface IndexWalkOptions {
  readonly key: string;
  /** Lowest and highest timestamp, both included. */
  readonly from: number;
  readonly to: number;
  /** Start behind this place, where it lies before `to`. */
  readonly after: Cursor | undefined;
  /** Groups of keys: a candidate is in at least one key of every group. */
  readonly probes: readonly (readonly string[])[];
}

/** How far one call may go. */
export interface Stride {
  /** Candidates after which the call may stop; it can return somewhat more. */
  readonly wanted: number;
  /** Keys looked into, over all members walked: what bounds the time a call holds Redis for. */
  readonly maxLookups: number;
}

/** Reads the candidates one sorted set holds, newest first, a bounded call at a time. */
export class IndexWalk {
  /** Candidates read and not yet taken, newest first. */
  readonly candidates: Cursor[] = [];
  readonly #redis: Redis;
  readonly #options: IndexWalkOptions;
  readonly #keys: readonly string[];
  #reached: Cursor | undefined;
  #ended = false;

  constructor(redis: Redis, options: IndexWalkOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#keys = [options.key, ...options.probes.flat()];
  }

  /** True when the set holds no more in the window. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The last place walked; `undefined` before the first call. */
  get reached(): Cursor | undefined {
    return this.#reached;
  }

  /** Reads on by one call. @returns how many members it walked; none only at the end. */
  async advance({ wanted, maxLookups }: Stride): Promise<number> {
    const { from, probes } = this.#options;
    const behind = this.#reached ?? this.#start();
    const reply = (await runScript(this.#redis, WALK_SCRIPT, this.#keys, [
      from,
      behind.timestamp,
      behind.id,
      wanted,
      Math.max(1, Math.floor(maxLookups / this.#keys.length)),
      ...probes.map((group) => group.length),
    ])) as WalkReply;
    const [walked, ended, lastScore, lastId, ids, scores] = reply;
    if (walked > 0) this.#reached = { timestamp: Number(lastScore), id: lastId };
    this.#ended = ended === 1;
    ids.forEach((id, i) => {
      this.candidates.push({ timestamp: Number(scores[i]), id });
    });
    return walked;
  }

  #start(): Cursor {
    const { after, to } = this.#options;
    return after !== undefined && after.timestamp <= to ? after : { timestamp: to, id: '' };
  }
}

type WalkReply = [
  walked: number,
  ended: number,
  lastScore: string,
  lastId: string,
  ids: string[],
  scores: string[],
];
