import { RUN_EVENTS } from '@tailrace/schema';
import type { LogFields } from '@tailrace/writer';
import { hashSecret } from '../log-functions.js';
import { runs } from './run-state.js';
import { logRun } from './with-run.js';

/** What a step says besides the fields every call has. */
export interface StepFields extends LogFields {
  /** Such as `write_file`. */
  readonly tool?: string | undefined;
  /** How it ended, such as `SUCCESS`, `FAILED` or `BLOCKED`. */
  readonly status?: string | undefined;
}

/** What a policy decided about a step. */
export interface PolicyDecision extends LogFields {
  /** Such as `ALLOW`, `BLOCK` or `WARN`. */
  readonly decision: string;
  readonly step_id?: string | undefined;
  readonly policy?: string | undefined;
  /** Such as `security_path_traversal`. */
  readonly validator?: string | undefined;
  readonly reason?: string | undefined;
  /** The policy whose breakglass let it pass: so it counts as used. */
  readonly breakglass?: string | undefined;
}

/** An activation of a breakglass (spec 004 "Audit Record Format"). */
export interface BreakglassActivation extends LogFields {
  readonly policy: string;
  readonly enabled_by: string;
  readonly reason: string;
  /** Epoch milliseconds, a Date, or ISO 8601. @default it never expires */
  readonly expires_at?: number | Date | string | undefined;
  /** Of it only a keyed hash is kept. */
  readonly token_used?: string | undefined;
  readonly affected_validators?: readonly string[] | undefined;
  readonly affected_decisions?: readonly string[] | undefined;
}

/** What something cost. */
export interface Cost extends LogFields {
  readonly cost_usd: number;
  readonly tokens?: number | undefined;
  /** Such as `gpt-4`. */
  readonly model?: string | undefined;
  readonly tool?: string | undefined;
  readonly step_id?: string | undefined;
}

const SUCCESSES: ReadonlySet<unknown> = new Set(['SUCCESS', 'OK', 'ALLOW', 'PASSED']);

/** Logs at level INFO that a step begins. Like all log calls it returns at once and never throws. */
export function log_step_start(step_id: string, fields: StepFields = {}): void {
  runs.getStore()?.startStep(step_id);
  logRun('INFO', RUN_EVENTS.stepStart, `${toolOf(fields)} started`, { ...fields, step_id });
}

/** Logs at level INFO that a step ended, with the `duration_ms` since its start in this run. @param fields `status` is `SUCCESS` by default */
export function log_step_end(step_id: string, fields: StepFields = {}): void {
  const status = fields.status ?? (fields.error === undefined ? 'SUCCESS' : 'FAILED');
  const isFailed = !isSuccess(status);
  const duration = runs.getStore()?.endStep(step_id, isFailed);
  logRun('INFO', RUN_EVENTS.stepEnd, `${toolOf(fields)} ended: ${status}`, {
    outcome: isFailed ? 'failure' : 'success',
    ...fields,
    step_id,
    status,
    ...(duration !== undefined && { duration_ms: duration }),
  });
}

/** Logs what a policy decided, as an audit entry: `ALLOW` is a success, any other decision a failure. */
export function log_policy_decision(decision: PolicyDecision): void {
  const { decision: word } = read(decision);
  logRun('AUDIT', RUN_EVENTS.policy, `policy: ${word}`, {
    outcome: isSuccess(word) ? 'success' : 'failure',
    ...read(decision),
  });
}

/**
 * Logs, as an audit entry, that somebody set a policy out of force: who, why, until when and with which token.
 *
 * @returns the record that was logged (spec 004), the token as a keyed hash
 */
export function log_breakglass_activation(
  activation: BreakglassActivation,
): Readonly<Record<string, unknown>> {
  const {
    enabled_by,
    reason,
    expires_at,
    token_used,
    affected_validators,
    affected_decisions,
    policy,
    ...fields
  } = read(activation);
  const record = {
    policy,
    enabled_at: new Date().toISOString(),
    enabled_by,
    reason,
    expires_at: isoOf(expires_at),
    token_used: typeof token_used === 'string' ? hashSecret('breakglass', token_used) : null,
    affected_validators: affected_validators ?? [],
    affected_decisions: affected_decisions ?? [],
  };
  logRun('AUDIT', RUN_EVENTS.breakglass, `breakglass of ${policy} by ${enabled_by}: ${reason}`, {
    ...fields,
    user_id: enabled_by,
    ...record,
  });
  return record;
}

/** Logs what something cost, as an audit entry, which no level and no sampling leaves out: so sums are right. */
export function track_cost(cost: Cost): void {
  const given = read(cost);
  const state = runs.getStore();
  if (state !== undefined) {
    state.costUsd += amountOf(given.cost_usd);
    state.tokens += amountOf(given.tokens);
  }
  const what = [given.model, given.tool].filter((part) => typeof part === 'string').join(' ');
  logRun('AUDIT', RUN_EVENTS.cost, `cost${what === '' ? '' : ` of ${what}`}: $${given.cost_usd}`, given);
}

/** A copy that can be read safely: what throws when it is read is taken as nothing. */
function read<Given extends object>(given: Given): Partial<Given> {
  try {
    return { ...given };
  } catch {
    return {};
  }
}

function toolOf({ tool }: StepFields): string {
  return typeof tool === 'string' ? tool : 'step';
}

function isSuccess(word: unknown): boolean {
  return typeof word === 'string' && SUCCESSES.has(word.toUpperCase());
}

function amountOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function isoOf(time: number | Date | string | undefined): string | null {
  const date = time === undefined ? undefined : new Date(time);
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
