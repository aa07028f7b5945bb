import { type EntryError, type EntryReply, REQUEST_COMPONENT, requestMessage } from '@tailrace/schema';
import { createColumns, type Row } from './columns.js';
import { entryTime } from './entry-time.js';
import type { Palette } from './palette.js';
import { printable } from './printable.js';

/** How lines look. */
export interface LineStyle {
  readonly palette: Palette;
  readonly zone: 'utc' | 'local';
  /** Columns of the terminal; `undefined` when the output is none. */
  readonly terminalColumns: number | undefined;
}

/**
 * Makes the function that writes entries as lines, always one line an entry:
 *
 * - requests: time, status (or level), method, path, duration, client, host, user, component, message, error
 * - others: time, level, component, message, then `ip=`, `host=`, `user=` as the flags are called, error
 *
 * The component `http` and the message a request has by default say nothing and are left out.
 */
export function createLineFormatter(style: LineStyle): (entries: readonly EntryReply[]) => string[] {
  const { palette } = style;
  const align = createColumns({
    mark: { min: 3, max: 8 },
    method: { min: 3, max: 7 },
    path: { min: 8, max: Math.max(20, Math.floor((style.terminalColumns ?? 160) * 0.3)) },
    duration: { min: 4, max: 8, align: 'right' },
    client: { min: 7, max: 39 },
    host: { min: 1, max: 32 },
    component: { min: 4, max: 16 },
  });
  return (entries) => align(entries.map((entry) => [...start(entry), ...rest(entry)]));

  function start(entry: EntryReply): Row {
    const byStatus = entry.kind === 'request' && entry.status_code !== undefined;
    return [
      { text: entryTime(entry.timestamp, style.zone), paint: palette.dim },
      byStatus
        ? {
            column: 'mark',
            text: String(entry.status_code),
            paint: palette.status(entry.status_code as number),
          }
        : { column: 'mark', text: printable(entry.level), paint: palette.level(entry.level) },
    ];
  }

  function rest(entry: EntryReply): Row {
    return entry.kind === 'request' ? requestCells(entry) : logCells(entry);
  }

  function requestCells(entry: EntryReply): Row {
    const duration = entry.response_time_ms;
    return [
      { column: 'method', text: printable(entry.method ?? '-'), paint: palette.method },
      { column: 'path', text: printable(entry.path ?? '-') },
      duration === undefined
        ? { column: 'duration', text: '-' }
        : { column: 'duration', text: durationText(duration), paint: palette.duration(duration) },
      { column: 'client', text: printable(entry.client_ip ?? entry.client_hostname ?? '-') },
      { column: 'host', text: printable(entry.proxy_hostname ?? '-') },
      ...labelled('user', entry.user_id),
      { text: entry.component === REQUEST_COMPONENT ? '' : printable(entry.component) },
      { text: entry.message === requestMessage(entry) ? '' : printable(entry.message) },
      ...errorCell(entry),
    ];
  }

  function logCells(entry: EntryReply): Row {
    return [
      { column: 'component', text: printable(entry.component) },
      { text: printable(entry.message) },
      ...labelled('method', entry.method),
      ...labelled('path', entry.path),
      ...labelled('ip', entry.client_ip ?? entry.client_hostname),
      ...labelled('host', entry.proxy_hostname),
      ...labelled('user', entry.user_id),
      ...labelled('objects', entry.objects?.join(',')),
      ...labelled('outcome', entry.outcome),
      ...errorCell(entry),
    ];
  }

  function labelled(label: string, value: string | undefined): Row {
    return value === undefined ? [] : [{ text: `${palette.dim(`${label}=`)}${printable(value)}` }];
  }

  function errorCell({ error, message }: EntryReply): Row {
    if (error === undefined) return [];
    const texts = [error.message === message ? error.type : textOfError(error)];
    for (let { cause } = error; cause !== undefined; { cause } = cause) texts.push(textOfError(cause));
    return [{ text: printable(texts.join(', caused by ')), paint: palette.error }];
  }
}

function textOfError({ type, message }: EntryError): string {
  return `${type}: ${message}`;
}

/** `0.4ms`, `45ms`, `1.20s`, `125s` */
function durationText(milliseconds: number): string {
  if (milliseconds < 1) return `${milliseconds.toFixed(1)}ms`;
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)}ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 99_995 ? 2 : 0)}s`;
}
