import { type Entry, type JsonValue, RUN_EVENTS } from '@tailrace/schema';
import { addUsd } from './cost-report.js';

/** What a run came to. */
export interface RunSummary {
  readonly run_id: string;
  /** Epoch milliseconds; `null` when its start is not among the entries. */
  readonly started: number | null;
  readonly ended: number | null;
  /** `RUNNING` without an end. */
  readonly status: string;
  readonly user_id: string | null;
  readonly duration_ms: number | null;
  readonly steps: number;
  readonly failed_steps: number;
  readonly cost_usd: number;
  readonly tokens: number;
}

/** One entry of a run. */
export interface RunMoment {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Since the first entry. */
  readonly offset_ms: number;
  readonly event: string | null;
  readonly level: string;
  readonly message: string;
  readonly step_id: string | null;
  readonly tool: string | null;
  readonly status: string | null;
  readonly decision: string | null;
  readonly duration_ms: number | null;
  readonly cost_usd: number | null;
  readonly tokens: number | null;
  readonly model: string | null;
}

/** The run of an entry; `undefined` for one that is in none. */
export function runOf({ data }: Entry): string | undefined {
  return textOf(data?.run_id) ?? undefined;
}

/** Adds up the entries of one run, oldest first. A run that has ended says of itself what it came to. */
export function summarizeRun(runId: string, entries: readonly Entry[]): RunSummary {
  const start = entries.find(({ event }) => event === RUN_EVENTS.runStart);
  const end = entries.find(({ event }) => event === RUN_EVENTS.runEnd);
  const counted = { steps: 0, failed_steps: 0, cost_usd: 0, tokens: 0 };
  for (const { event, outcome, data } of entries) {
    if (event === RUN_EVENTS.stepStart) counted.steps++;
    if (event === RUN_EVENTS.stepEnd && outcome === 'failure') counted.failed_steps++;
    if (event !== RUN_EVENTS.cost) continue;
    counted.cost_usd = addUsd(counted.cost_usd, numberOf(data?.cost_usd) ?? 0);
    counted.tokens += numberOf(data?.tokens) ?? 0;
  }
  const told = end?.data ?? {};
  return {
    run_id: runId,
    started: start?.timestamp ?? null,
    ended: end?.timestamp ?? null,
    status: textOf(told.status) ?? 'RUNNING',
    user_id: start?.user_id ?? null,
    duration_ms: numberOf(told.duration_ms),
    steps: numberOf(told.steps) ?? counted.steps,
    failed_steps: numberOf(told.failed_steps) ?? counted.failed_steps,
    cost_usd: addUsd(numberOf(told.cost_usd) ?? counted.cost_usd, 0),
    tokens: numberOf(told.tokens) ?? counted.tokens,
  };
}

/** The entries of a run, moment by moment. @param entries oldest first */
export function runTimeline(entries: readonly Entry[]): RunMoment[] {
  const first = entries[0]?.timestamp ?? 0;
  return entries.map(({ id, timestamp, event = null, level, message, data = {} }) => ({
    id,
    timestamp,
    offset_ms: timestamp - first,
    event,
    level,
    message,
    step_id: textOf(data.step_id),
    tool: textOf(data.tool),
    status: textOf(data.status),
    decision: textOf(data.decision),
    duration_ms: numberOf(data.duration_ms),
    cost_usd: numberOf(data.cost_usd),
    tokens: numberOf(data.tokens),
    model: textOf(data.model),
  }));
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
