import type { AlertTestReply, EndpointBody } from '@tailrace/api';
import { type AlertRule, alertEvent, groupOfLabels, type Scan, simulate } from '@tailrace/insight';
import { HOUR_MS } from '@tailrace/schema';
import { RequestError } from '../http/errors/request-error.js';
import { shownEvent } from './alert-shapes.js';

/** Events of a test that are replied. */
const MAX_EVENTS = 1_000;

/**
 * Says when a rule would have fired, and on demand what was measured of one group, window by window.
 *
 * @throws RequestError for labels that are not those the rule groups by.
 */
export async function replyOfTest(
  rule: AlertRule,
  body: Pick<EndpointBody<'POST /api/alerts/test'>, 'hours' | 'until' | 'values_of'>,
  { scan, now, signal }: { readonly scan: Scan; readonly now: number; readonly signal: AbortSignal },
): Promise<AlertTestReply> {
  const to = Math.min(now, body.until === undefined ? now : Date.parse(body.until));
  const from = to - Math.round((body.hours ?? 24) * HOUR_MS);
  const group = body.values_of && groupOfLabels(rule.groupBy, body.values_of);
  if (body.values_of !== undefined && group === undefined) {
    throw new RequestError(
      'invalid_body',
      `values_of must have what the rule groups by: ${rule.groupBy.join(', ') || 'nothing'}`,
      'values_of',
    );
  }
  const { transitions, windows, values } = await simulate(rule, { from, to, group }, scan, signal);
  return {
    condition: rule.condition,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    windows,
    fired: transitions.filter(({ kind }) => kind === 'firing').length,
    events: transitions.slice(0, MAX_EVENTS).map((one) => shownEvent(alertEvent(rule, one, false))),
    ...(group !== undefined && {
      values: values.map(({ window, value }) => ({
        at: new Date(window * rule.everyMs).toISOString(),
        value,
      })),
    }),
  };
}
