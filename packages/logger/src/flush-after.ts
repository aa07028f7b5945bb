import { flush } from './log-functions.js';
import { clearTimeout, setTimeout } from './real-timers.js';

/** How {@link flushAfter} behaves. */
export interface FlushAfterOptions {
  /** Milliseconds to wait for the flush at most; what is not written by then goes on when the process does. @default 2000 */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 2_000;

/**
 * Wraps a function after which the process or thread may stand still, such as the handler of a Lambda or the task of a
 * Piscina worker: what was logged in it is written, or in the spool, before its result or its error is given.
 *
 * @param run may be given what a handler is given; one that replies by a callback is not waited for
 */
export function flushAfter<Arguments extends readonly unknown[], Result>(
  run: (...args: Arguments) => Result | Promise<Result>,
  { deadlineMs = DEADLINE_MS }: FlushAfterOptions = {},
): (...args: Arguments) => Promise<Result> {
  return async (...args) => {
    try {
      return await run(...args);
    } finally {
      await flushWithin(deadlineMs);
    }
  };
}

async function flushWithin(ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([flush(), deadline]);
  clearTimeout(timer);
}
