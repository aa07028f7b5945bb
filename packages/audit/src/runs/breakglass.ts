import { type Entry, type JsonValue, RUN_EVENTS } from '@tailrace/schema';

/** An activation of a breakglass (spec 004 "Audit Record Format"), and what became of it. */
export interface Breakglass {
  readonly id: string;
  readonly policy: string | null;
  readonly enabled_at: string;
  readonly enabled_by: string | null;
  readonly reason: string | null;
  readonly expires_at: string | null;
  /** A keyed hash. */
  readonly token_used: string | null;
  readonly affected_validators: readonly string[];
  readonly affected_decisions: readonly string[];
  /** The run it was activated in. */
  readonly run_id: string | null;
  readonly is_active: boolean;
  /** Decisions it let pass while it was in force. */
  readonly uses: number;
}

/**
 * Reads activations and counts their uses: decisions about their policy that name its breakglass, in the time it was in force.
 *
 * @param entries activations and decisions, in any order
 * @param now epoch milliseconds
 * @returns oldest first
 */
export function readBreakglass(entries: readonly Entry[], now: number): Breakglass[] {
  const uses = entries.filter(
    ({ event, data }) => event === RUN_EVENTS.policy && data?.breakglass !== undefined,
  );
  return entries
    .filter(({ event }) => event === RUN_EVENTS.breakglass)
    .sort((a, b) => a.timestamp - b.timestamp || (a.order ?? 0) - (b.order ?? 0))
    .map(({ id, timestamp, data = {}, user_id }) => {
      const expires = textOf(data.expires_at);
      const end = expires === null ? Number.POSITIVE_INFINITY : Date.parse(expires);
      const policy = textOf(data.policy);
      return {
        id,
        policy,
        enabled_at: new Date(timestamp).toISOString(),
        enabled_by: textOf(data.enabled_by) ?? user_id ?? null,
        reason: textOf(data.reason),
        expires_at: expires,
        token_used: textOf(data.token_used),
        affected_validators: textsOf(data.affected_validators),
        affected_decisions: textsOf(data.affected_decisions),
        run_id: textOf(data.run_id),
        is_active: now < end,
        uses: uses.filter(
          (use) => use.data?.breakglass === policy && use.timestamp >= timestamp && use.timestamp < end,
        ).length,
      };
    });
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}
