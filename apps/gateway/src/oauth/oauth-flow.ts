import type { OAuthFlowReply, OAuthStepReply } from '@tailrace/api';
import type { DiagnosedFlow, FlowStep } from '@tailrace/query';
import { toEntryReply } from '@tailrace/schema';

/** Steps of one flow a reply has: how it began, and how it went on at last. */
const FIRST_STEPS = 50;
const LAST_STEPS = 150;

/** A flow as it is replied. */
export function shownFlow(flow: DiagnosedFlow): OAuthFlowReply {
  const { steps, startedAt, endedAt, stop } = flow;
  const shown = steps.map((step, i) => shownStep(step, steps[i - 1]));
  const isTruncated = steps.length > FIRST_STEPS + LAST_STEPS;
  return {
    id: (steps[0] as FlowStep).entry.id,
    state: flow.state,
    at: stop?.name ?? null,
    client_id: flow.clientId ?? null,
    user_id: flow.userId ?? null,
    client_ips: [...flow.clientIps],
    started: new Date(startedAt).toISOString(),
    duration_ms: endedAt - startedAt,
    steps: isTruncated ? [...shown.slice(0, FIRST_STEPS), ...shown.slice(-LAST_STEPS)] : shown,
    truncated: isTruncated,
    diagnosis: flow.diagnosis ?? null,
  };
}

function shownStep({ entry, name, at, details }: FlowStep, before: FlowStep | undefined): OAuthStepReply {
  const { method, path, status_code, response_time_ms, bytes_sent, user_agent, request_id, trace_id } = entry;
  const request = {
    method,
    path,
    status_code,
    response_time_ms,
    bytes_sent,
    user_agent,
    request_id,
    trace_id,
  };
  const hasRequest = Object.values(request).some((value) => value !== undefined);
  return {
    id: entry.id,
    timestamp: toEntryReply(entry).timestamp,
    gap_ms: before === undefined ? 0 : at - before.at,
    step: name,
    outcome: entry.outcome,
    component: entry.component,
    message: entry.message,
    client_ip: entry.client_ip,
    ...(hasRequest && { request }),
    oauth: details,
    error: entry.error,
  };
}
