import type { OAuthSummaryReply } from '@tailrace/api';
import type { DiagnosedFlow, FlowStep, FoundFlows } from '@tailrace/query';
import { FLOW_STATES } from '@tailrace/schema';

/**
 * Counts what happened in flows: by state, by client, user, step and outcome, by cause.
 *
 * @param limit most frequent activities shown
 */
export function shownSummary(
  { flows, partial }: FoundFlows,
  limit: number,
): Omit<OAuthSummaryReply, 'query'> {
  const states = FLOW_STATES.map((state) => [state, flows.filter((flow) => flow.state === state).length]);
  return {
    flows: Object.fromEntries(states),
    activity: activityOf(flows).slice(0, limit),
    causes: causesOf(flows),
    partial,
  };
}

function activityOf(flows: readonly DiagnosedFlow[]): OAuthSummaryReply['activity'] {
  const groups = new Map<string, { flow: DiagnosedFlow; steps: FlowStep[] }>();
  for (const flow of flows) {
    for (const step of flow.steps) {
      const key = JSON.stringify([flow.clientId, flow.userId, step.name, step.outcome]);
      const group = groups.get(key) ?? { flow, steps: [] };
      groups.set(key, group);
      group.steps.push(step);
    }
  }
  return [...groups.values()]
    .map(({ flow, steps }) => {
      const times = steps.map(({ at }) => at).sort((a, b) => a - b);
      const [{ name, outcome }] = steps as [FlowStep];
      return {
        client_id: flow.clientId ?? null,
        user_id: flow.userId ?? null,
        step: name,
        outcome: outcome ?? null,
        count: steps.length,
        first: new Date(times[0] as number).toISOString(),
        last: new Date(times.at(-1) as number).toISOString(),
      };
    })
    .sort((a, b) => b.count - a.count || (a.last < b.last ? 1 : -1));
}

function causesOf(flows: readonly DiagnosedFlow[]): OAuthSummaryReply['causes'] {
  const causes = new Map<string, { sentence: string; count: number }>();
  for (const { diagnosis } of flows) {
    if (diagnosis === undefined) continue;
    const known = causes.get(diagnosis.cause);
    if (known === undefined) causes.set(diagnosis.cause, { sentence: diagnosis.sentence, count: 1 });
    else known.count++;
  }
  return [...causes]
    .map(([cause, { sentence, count }]) => ({ cause, sentence, count }))
    .sort((a, b) => b.count - a.count);
}
