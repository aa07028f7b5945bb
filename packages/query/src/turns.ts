import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that can be interrupted wherever it yields. */
export type Work<Result> = Generator<void, Result, void>;

/** @see inTurns */
export interface TurnOptions {
  /** Ends the work at the end of a turn, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** A clock in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** Milliseconds work may keep the event loop. */
const TURN_MS = 10;

/** Does work a while at a time, so that whoever else waits for the event loop gets a turn in between. */
export async function inTurns<Result>(
  work: Work<Result>,
  { signal, now = () => performance.now() }: TurnOptions = {},
): Promise<Result> {
  let begun = now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (now() - begun < TURN_MS) continue;
    await nextTurn();
    signal?.throwIfAborted();
    begun = now();
  }
}

/** Does work at once, to its end. */
export function atOnce<Result>(work: Work<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Pieces of work, one after the other: what was asked first is done first. A piece that fails stops no other. */
export class WorkQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Does a piece of work in turns when those before are done. */
  run<Result>(work: () => Work<Result>, options: TurnOptions = {}): Promise<Result> {
    const done = this.#last.then(() => {
      options.signal?.throwIfAborted();
      return inTurns(work(), options);
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}
