import { AsyncLocalStorage } from 'node:async_hooks';
import { monotonicMs } from '../real-timers.js';

/** Steps a run remembers the start of; of further ones the duration is not known. */
const MAX_OPEN_STEPS = 10_000;

/** What a run knows of itself while it goes on. */
export class RunState {
  readonly id: string;
  readonly #startedAt = monotonicMs();
  readonly #openSteps = new Map<string, number>();
  steps = 0;
  failedSteps = 0;
  costUsd = 0;
  tokens = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Milliseconds since it began. */
  get durationMs(): number {
    return rounded(monotonicMs() - this.#startedAt);
  }

  startStep(stepId: string): void {
    this.steps++;
    if (this.#openSteps.size < MAX_OPEN_STEPS) this.#openSteps.set(stepId, monotonicMs());
  }

  /** @returns how long the step took in milliseconds; `undefined` when its start is not known. */
  endStep(stepId: string, isFailed: boolean): number | undefined {
    if (isFailed) this.failedSteps++;
    const startedAt = this.#openSteps.get(stepId);
    this.#openSteps.delete(stepId);
    return startedAt === undefined ? undefined : rounded(monotonicMs() - startedAt);
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** One in a process, whatever copies of this package it has loaded. */
const KEY = Symbol.for('tailrace.logger.runs.1');

function findRuns(): AsyncLocalStorage<RunState> {
  const holder = globalThis as { [KEY]?: AsyncLocalStorage<RunState> };
  holder[KEY] ??= new AsyncLocalStorage();
  return holder[KEY];
}

/** The run each call is made in. */
export const runs = findRuns();
