import {
  DROP_EVENT,
  type EntryError,
  type EntryReply,
  REQUEST_COMPONENT,
  requestMessage,
} from '@tailrace/schema';
import { createColumns, type Row } from './columns.js';
import { moreLines } from './entry-more.js';
import { entryTime, shortEntryTime } from './entry-time.js';
import type { Highlighter } from './highlight.js';
import type { Palette } from './palette.js';
import { printable } from './printable.js';
import { wrapLine } from './wrap-line.js';

/** How lines look. */
export interface LineStyle {
  readonly palette: Palette;
  readonly zone: 'utc' | 'local';
  /** Columns of the terminal at the moment; `undefined` when the output is none. */
  readonly columns: () => number | undefined;
  /** On a terminal every line fits its width: times are shorter where it is narrow, and what is too long ends with `…`. */
  readonly fit?: boolean;
  /** On a terminal a line that is too long goes on below, indented; nothing is cut. Times are shorter as well. */
  readonly wrap?: boolean;
  readonly highlight?: Highlighter;
  /** Under each line stands what the line does not say. */
  readonly expand?: boolean;
}

/** Before what of an entry goes on in a further line. */
const INDENT = 4;
/** Columns of a terminal below which the date of today is left out. */
const NARROW_COLUMNS = 120;

/**
 * Makes the function that writes entries as lines, one line an entry unless it wraps:
 *
 * - requests: time, status (or level), method, path, duration, client, host, user, component, message, error
 * - others: time, level, component, message or else event, then `ip=`, `host=`, `user=` as the flags are called, error
 *
 * The component `http` and the message a request has by default say nothing and are left out.
 */
export function createLineFormatter(style: LineStyle): (entries: readonly EntryReply[]) => string[] {
  const { palette, zone, fit = false, wrap = false, highlight, expand = false } = style;
  let width = style.columns();
  let align = alignerFor(width);
  return (entries) => {
    if (style.columns() !== width) {
      width = style.columns();
      align = alignerFor(width);
    }
    const lines = align(entries.map(rowOf)).map((line) => (wrap ? wrapLine(line, width, INDENT) : line));
    return expand
      ? lines.flatMap((line, i) => [line, ...moreLines(entries[i] as EntryReply, palette)])
      : lines;
  };

  function alignerFor(columns: number | undefined) {
    return createColumns(
      {
        time: { min: 12, max: 30 },
        mark: { min: 3, max: 8 },
        method: { min: 3, max: 7 },
        path: { min: 8, max: Math.max(20, Math.floor((columns ?? 160) * 0.3)) },
        duration: { min: 4, max: 8, align: 'right' },
        client: { min: 7, max: 39 },
        host: { min: 1, max: 32 },
        component: { min: 4, max: 16 },
      },
      {
        lineWidth: fit ? columns : undefined,
        paintLabel: palette.dim,
        ...(highlight && { highlight }),
      },
    );
  }

  /** That entries were dropped is more than an entry among others. */
  function rowOf(entry: EntryReply): Row {
    const row = [...start(entry), ...rest(entry)];
    return entry.event === DROP_EVENT ? row.map((cell) => ({ ...cell, paint: palette.warn })) : row;
  }

  function start(entry: EntryReply): Row {
    const isShort = (fit || wrap) && width !== undefined && width < NARROW_COLUMNS;
    const { timestamp } = entry;
    const time = isShort ? shortEntryTime(timestamp, zone, Date.now()) : entryTime(timestamp, zone);
    const byStatus = entry.kind === 'request' && entry.status_code !== undefined;
    return [
      { column: 'time', text: time, paint: palette.dim },
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
      {
        text: entry.component === REQUEST_COMPONENT ? '' : printable(entry.component),
        paint: palette.component,
      },
      { text: entry.message === requestMessage(entry) ? '' : printable(entry.message) },
      ...errorCell(entry),
    ];
  }

  function logCells(entry: EntryReply): Row {
    return [
      { column: 'component', text: printable(entry.component), paint: palette.component },
      { text: printable(entry.message === '' ? (entry.event ?? '') : entry.message) },
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
    return value === undefined ? [] : [{ label: `${label}=`, text: printable(value) }];
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
