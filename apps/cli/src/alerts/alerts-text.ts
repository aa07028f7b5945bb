import type {
  AlertEventReply,
  AlertReply,
  AlertRulesReply,
  AlertsReply,
  AlertTestReply,
} from '@tailrace/api';
import { type Cell, createColumns, type Row } from '../print/columns.js';
import { entryTime } from '../print/entry-time.js';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { shownCount } from '../statistics/figures.js';

/** How alerts are shown. */
export interface AlertsStyle {
  readonly palette: Palette;
  readonly zone: 'utc' | 'local';
}

const COLUMNS = {
  time: { min: 20, max: 30 },
  status: { min: 8, max: 8 },
  severity: { min: 8, max: 8 },
  rule: { min: 10, max: 40 },
  value: { min: 6, max: 14, align: 'right' },
} as const;

/** What is active, what happened before, and what waits to be told. */
export function alertsText({ alerts, history, notifications }: AlertsReply, style: AlertsStyle): string {
  const { dim, warn } = style.palette;
  const { waiting, failed, given_up: givenUp, lost } = notifications;
  const trouble = [
    ...(waiting > 0 ? [`${shownCount(waiting)} waiting`] : []),
    ...(failed > 0 ? [`${shownCount(failed)} attempts failed`] : []),
    ...(givenUp > 0 ? [`${shownCount(givenUp)} given up`] : []),
    ...(lost > 0 ? [`${shownCount(lost)} lost`] : []),
  ];
  return [
    ...(alerts.length === 0
      ? ['no alert is pending or firing']
      : createColumns(COLUMNS)(alerts.map((one) => alertRow(one, style)))),
    ...(history.length === 0
      ? []
      : ['', dim('history, newest last'), ...eventLines([...history].reverse(), style)]),
    ...(trouble.length === 0 ? [] : ['', warn(`notifications: ${trouble.join(', ')}`)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** The rules, each with where it stands. */
export function rulesText({ rules, channels }: AlertRulesReply, { palette }: AlertsStyle): string {
  if (rules.length === 0)
    return 'there are no alert rules; ALERT_RULES names a file of them, POST /api/alerts/rules adds one\n';
  const lines = createColumns({
    rule: { min: 10, max: 40 },
    status: { min: 8, max: 8 },
    source: { min: 4, max: 4 },
  })(
    rules.map(
      ({ rule, status, source, condition, value }): Row => [
        { text: printable(rule.id), column: 'rule' },
        { text: status, column: 'status', ...paintOf(status, palette) },
        { text: source, column: 'source', paint: palette.dim },
        { text: printable(condition) },
        { text: value === null ? '' : `now ${shownValue(value)}`, paint: palette.dim },
      ],
    ),
  );
  const named = channels.map(({ name, type }) => printable(`${name} (${type})`)).join(', ');
  return [...lines, ...(named === '' ? [] : [palette.dim(`channels: ${named}`)])]
    .map((line) => `${line}\n`)
    .join('');
}

/** When a rule would have fired. */
export function testText({ condition, fired, windows, events }: AlertTestReply, style: AlertsStyle): string {
  const times = fired === 1 ? 'once' : `${shownCount(fired)} times`;
  const outcome = fired === 0 ? 'would not have fired' : `would have fired ${times}`;
  const head = `${printable(condition)}: ${outcome} in ${shownCount(windows)} windows`;
  return [head, ...eventLines(events, style)].map((line) => `${line}\n`).join('');
}

function alertRow(alert: AlertReply, { palette, zone }: AlertsStyle): Row {
  return [
    { text: secondOf(alert.triggered_at ?? alert.created_at, zone), column: 'time', paint: palette.dim },
    { text: alert.status, column: 'status', ...paintOf(alert.status, palette) },
    { text: alert.severity, column: 'severity' },
    { text: printable(alert.rule), column: 'rule' },
    { text: shownValue(alert.current_value), column: 'value' },
    { text: labelsText(alert.labels) },
    { text: printable(alert.condition), paint: palette.dim },
    {
      text: alert.silenced_until === null ? '' : `silenced until ${secondOf(alert.silenced_until, zone)}`,
      paint: palette.warn,
    },
    { text: printable(alert.id), paint: palette.dim },
  ];
}

function eventLines(events: readonly AlertEventReply[], { palette, zone }: AlertsStyle): string[] {
  const notes = (event: AlertEventReply) =>
    [event.late ? 'late' : '', event.silenced ? 'silenced' : '', event.reason ?? '']
      .filter((note) => note !== '')
      .join(', ');
  return createColumns(COLUMNS)(
    events.map(
      (event): Row => [
        { text: secondOf(event.at, zone), column: 'time', paint: palette.dim },
        { text: event.status, column: 'status', ...paintOf(event.status, palette) },
        { text: event.severity, column: 'severity' },
        { text: printable(event.rule), column: 'rule' },
        { text: shownValue(event.value), column: 'value' },
        { text: labelsText(event.labels) },
        { text: printable(notes(event)), paint: palette.warn },
      ],
    ),
  );
}

function paintOf(status: string, { warn, dim }: Palette): Partial<Cell> {
  if (status === 'firing') return { paint: warn };
  return status === 'ok' || status === 'resolved' ? { paint: dim } : {};
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => printable(`${name}=${value}`))
    .join(' ');
}

function shownValue(value: number | null): string {
  if (value === null) return 'no data';
  return Number.isInteger(value) ? shownCount(value) : String(Number(value.toPrecision(4)));
}

function secondOf(time: string, zone: 'utc' | 'local'): string {
  return entryTime(time, zone).replace(/\.\d{3}/, '');
}
