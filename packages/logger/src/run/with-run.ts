import { RUN_EVENTS, runObject } from '@tailrace/schema';
import type { LogFields } from '@tailrace/writer';
import { withContext } from '../call/context.js';
import { currentLogger } from '../log-functions.js';
import { RunState, runs } from './run-state.js';

/**
 * Runs `run` as the run of that id (spec 004): its start and its end are audit entries, and every entry logged inside carries `run_id` in
 * its `data`. The end tells how long it took, its steps, and what they cost. Runs may be nested; an inner one is a run of its own.
 *
 * @param id such as `run-001`
 * @param fields of every entry inside, such as `user_id`
 * @returns what `run` returns; of a promise the end is logged when it settles. @throws what `run` throws.
 */
export function withRun<Result>(id: string, run: () => Result, fields: LogFields = {}): Result {
  const state = new RunState(String(id));
  return runs.run(state, () =>
    withContext({ ...fields, run_id: state.id }, () => {
      logRun('AUDIT', RUN_EVENTS.runStart, `run ${state.id} started`, {});
      try {
        const result = run();
        if (!isThenable(result)) logEnd(state, undefined);
        else {
          const ended = (error?: unknown) => logEnd(state, error);
          result.then(
            () => ended(),
            (error: unknown) => ended(error ?? new Error('rejected')),
          );
        }
        return result;
      } catch (error) {
        logEnd(state, error ?? new Error('thrown'));
        throw error;
      }
    }),
  );
}

/** Logs an entry of the run the call is made in; outside of any it is an entry without one. */
export function logRun(level: 'AUDIT' | 'INFO', event: string, message: string, fields: LogFields): void {
  const state = runs.getStore();
  const { objects } = fields;
  const given = Array.isArray(objects) ? objects : [];
  const all = state === undefined ? given : [runObject(state.id), ...given];
  currentLogger().log(level, message, { ...fields, event, ...(all.length > 0 && { objects: all }) });
}

function logEnd(state: RunState, error: unknown): void {
  const isFailed = error !== undefined;
  logRun('AUDIT', RUN_EVENTS.runEnd, `run ${state.id} ${isFailed ? 'failed' : 'ended'}`, {
    status: isFailed ? 'FAILED' : 'SUCCESS',
    outcome: isFailed ? 'failure' : 'success',
    duration_ms: state.durationMs,
    steps: state.steps,
    failed_steps: state.failedSteps,
    cost_usd: state.costUsd,
    tokens: state.tokens,
    ...(isFailed && { error }),
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
