import type { StreamReply } from './stream-entry.js';

/** Letters of entries one call should bring: about 1 ms of Redis. */
const STEP_LENGTH = 1_000_000;
/** Entries of a first call, when nothing is known of their size, and of any call at most. */
const FIRST_COUNT = 8;
const MAX_COUNT = 500;

/** How many entries a call reads, so that it holds Redis for about as long whether they are small or large. */
export class ReadStep {
  #count = FIRST_COUNT;

  /** Entries the next call should read. */
  get count(): number {
    return this.#count;
  }

  /** Learns from what a call brought. */
  learn(reply: StreamReply): void {
    if (reply.length === 0) return;
    const length = lengthOf(reply);
    const fitting = Math.floor((STEP_LENGTH * reply.length) / Math.max(length, 1));
    this.#count = Math.min(MAX_COUNT, Math.max(1, fitting));
  }
}

/** Letters of all fields. */
export function lengthOf(reply: StreamReply): number {
  return reply.reduce((sum, [, fields]) => fields.reduce((all, text) => all + text.length, sum), 0);
}
