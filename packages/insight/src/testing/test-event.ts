import { type AlertEvent, alertId, eventId } from '../store/alert-event.js';

/** An event of a rule; `number` is its episode. */
export function testEvent(number: number, changes: Partial<AlertEvent> = {}): AlertEvent {
  const status = changes.status ?? 'firing';
  return {
    id: eventId('r', '', number, status),
    alert: alertId('r', '', number),
    status,
    rule: 'r',
    name: 'Error <rate>',
    description: 'Too many errors & more',
    severity: 'critical',
    runbook: 'https://runbooks.example/r',
    labels: { host: 'a.example' },
    condition: 'ratio of status=5xx among entries > 0.05 over 5m',
    threshold: 0.05,
    value: 0.5,
    startedAt: 1_700_000_000_000,
    at: 1_700_000_060_000,
    late: false,
    silenced: false,
    reason: null,
    ...changes,
  };
}
