import type { AlertEvent } from '../store/alert-event.js';

/** What a template may name, in double braces: `{{name}}`. */
export const TEMPLATE_FIELDS = [
  'status',
  'severity',
  'name',
  'rule',
  'alert',
  'id',
  'condition',
  'value',
  'threshold',
  'labels',
  'description',
  'runbook',
  'started_at',
  'at',
  'reason',
] as const;

export const DEFAULT_SUBJECT = '[{{status}}] {{name}}{{labels}}';

/** Fills a template. A name that is none stays as it is. */
export function filledTemplate(
  template: string,
  event: AlertEvent,
  escaped: (text: string) => string = (text) => text,
): string {
  const fields = eventFields(event);
  return template.replace(/\{\{\s*([a-z_]+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(fields, name) ? escaped(fields[name as keyof typeof fields]) : whole,
  );
}

/** An event as lines for people. */
export function eventLines(event: AlertEvent): string[] {
  const {
    status,
    severity,
    name,
    labels,
    condition,
    value,
    description,
    runbook,
    started_at,
    at,
    reason,
    alert,
    id,
  } = eventFields(event);
  return [
    `${name}${labels} is ${status} (${severity})`,
    ...(description === '' ? [] : [description]),
    '',
    `condition: ${condition}`,
    `value: ${value}`,
    `since: ${started_at}`,
    `${status}: ${at}`,
    ...(reason === '' ? [] : [`reason: ${reason}`]),
    ...(event.late ? ['shown by entries that came late'] : []),
    ...(runbook === '' ? [] : [`runbook: ${runbook}`]),
    `alert: ${alert}`,
    `id: ${id}`,
  ];
}

function eventFields(event: AlertEvent) {
  const labels = Object.entries(event.labels).map(([name, value]) => `${name}=${value}`);
  return {
    status: event.status,
    severity: event.severity,
    name: event.name,
    rule: event.rule,
    alert: event.alert,
    id: event.id,
    condition: event.condition,
    value: event.value === null ? 'no data' : String(event.value),
    threshold: String(event.threshold),
    labels: labels.length === 0 ? '' : ` (${labels.join(', ')})`,
    description: event.description ?? '',
    runbook: event.runbook ?? '',
    started_at: new Date(event.startedAt).toISOString(),
    at: new Date(event.at).toISOString(),
    reason: event.reason ?? '',
  };
}
