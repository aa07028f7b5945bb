import { lineOf, visibleText } from '../entry/visible-text.js';
import type { Entry } from '../state/api.js';
import { columnText, type Form, isNumber } from '../state/columns.js';
import { clockText, momentText } from '../state/time-range.js';

/** Characters of a text in a list; the panel has all of it. */
const LINE = 400;
const WRAPPED = 2_000;

interface EntryRowProps {
  readonly entry: Entry;
  readonly form: Form;
  readonly columns: readonly string[];
  readonly withDate: boolean;
}

/** The cells of one entry. */
export function EntryRow({ entry, form, columns, withDate }: EntryRowProps) {
  return (
    <>
      {columns.map((name) => (
        <div key={name} role="gridcell" class={cellClass(entry, name)} dir="ltr">
          {name === 'message' ? (
            <Message entry={entry} form={form} columns={columns} />
          ) : name === 'time' ? (
            <time dateTime={entry.timestamp}>{timeText(Date.parse(entry.timestamp), withDate)}</time>
          ) : (
            cellText(entry, name)
          )}
        </div>
      ))}
    </>
  );
}

function timeText(ms: number, withDate: boolean): string {
  return withDate ? `${momentText(ms).slice(5, 10)} ${clockText(ms)}` : clockText(ms);
}

function cellText(entry: Entry, name: string): string {
  if (name === 'response_time_ms') {
    return entry.response_time_ms === undefined ? '' : durationText(entry.response_time_ms);
  }
  return lineOf(columnText(entry, name), LINE);
}

function cellClass({ level, status_code: status }: Entry, name: string): string {
  if (name === 'level') return `level ${level}`;
  if (name === 'status_code')
    return status === undefined ? 'number' : `number status s${statusClass(status)}`;
  if (isNumber(name)) return 'number';
  if (name === 'message') return 'said';
  return name === 'component' ? 'component' : 'cell';
}

function Message({ entry, form, columns }: Omit<EntryRowProps, 'withDate'>) {
  const { message, method, path, kind, error } = entry;
  const isPlain =
    kind === 'request' &&
    method !== undefined &&
    path !== undefined &&
    message.startsWith(`${method} ${path}`);
  const text = form === 'wrap' ? visibleText(message.slice(0, WRAPPED)) : lineOf(message, LINE);
  const isTold = isPlain && columns.includes('method') && columns.includes('path');
  return (
    <>
      {kind === 'request' && !columns.includes('status_code') && <Status code={entry.status_code} />}
      {isTold ? (
        ''
      ) : isPlain ? (
        <>
          <span class="method">{lineOf(method, 10)}</span> {lineOf(path, LINE)}
        </>
      ) : (
        <span>{text}</span>
      )}
      {kind === 'request' && <Tags entry={entry} columns={columns} />}
      {error !== undefined && <span class="tag bad">{lineOf(`${error.type}: ${error.message}`, 120)}</span>}
    </>
  );
}

function Status({ code }: { readonly code: number | undefined }) {
  return code === undefined ? null : <b class={`status s${statusClass(code)}`}>{code}</b>;
}

/** What else a request is told by, unless it has a column of its own. */
function Tags({ entry, columns }: Pick<EntryRowProps, 'entry' | 'columns'>) {
  return (
    <>
      {['response_time_ms', 'client_ip', 'user_id'].map((name) => {
        const text = columns.includes(name) ? '' : cellText(entry, name);
        return text === '' ? null : (
          <span key={name} class="tag">
            {text.slice(0, 40)}
          </span>
        );
      })}
    </>
  );
}

function statusClass(code: number): number {
  return Math.floor(code / 100);
}

/** `45 ms`, `1.8 s`. */
export function durationText(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
