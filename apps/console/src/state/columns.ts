import { signal } from '@preact/signals';
import type { Entry } from './api.js';
import type { View } from './view.js';

/** How entries stand in the list: one line each, wrapped, or as a table with a head. */
export const FORMS = ['line', 'wrap', 'table'] as const;
export type Form = (typeof FORMS)[number];

export const FORM_TITLES: Readonly<Record<Form, string>> = {
  line: 'Lines',
  wrap: 'Wrapped',
  table: 'Table',
};

/** Columns an address may name, and the characters a name of one may have. */
const MAX_COLUMNS = 24;
const MAX_NAME = 200;

/** Fields of an entry that are offered as columns, with the pixels they take; `message` takes what is left. */
const WIDTHS: Readonly<Record<string, number>> = {
  time: 92,
  level: 68,
  component: 104,
  message: 240,
  status_code: 56,
  method: 64,
  path: 240,
  route: 180,
  response_time_ms: 80,
  bytes_sent: 80,
  client_ip: 130,
  client_hostname: 180,
  proxy_hostname: 140,
  user_id: 120,
  session_id: 150,
  client_id: 120,
  trace_id: 180,
  span_id: 140,
  request_id: 180,
  event: 140,
  outcome: 72,
  objects: 160,
  kind: 64,
  user_agent: 220,
  referrer: 200,
  'error.type': 130,
  'error.message': 240,
  id: 240,
};
/** Short names for the head of the table. */
const TITLES: Readonly<Record<string, string>> = {
  status_code: 'status',
  response_time_ms: 'took',
  bytes_sent: 'bytes',
  client_ip: 'client IP',
  client_hostname: 'client host',
  proxy_hostname: 'host',
  user_id: 'user',
  session_id: 'session',
  client_id: 'client',
  trace_id: 'trace',
  span_id: 'span',
  request_id: 'request',
};
const OTHER_WIDTH = 140;
/** `11-27 10:00:00.250` instead of `10:00:00.250`. */
const DATED_WIDTH = 136;
const NARROW_MESSAGE = 150;
const GAP = 10;
const PADDING = 21;

/** Columns every view may have; paths of `data` come beside them. */
export const COLUMN_NAMES: readonly string[] = Object.keys(WIDTHS);

const DEFAULTS: Readonly<Record<Form, readonly string[]>> = {
  line: ['time', 'level', 'component', 'message'],
  wrap: ['time', 'level', 'component', 'message'],
  table: [
    'time',
    'level',
    'component',
    'status_code',
    'method',
    'path',
    'response_time_ms',
    'client_ip',
    'message',
  ],
};

/** A screen without room for more than time, level and message. */
export const isNarrow = signal(false);

/** Follows the width of the window. */
export function followWidth(): void {
  const narrow = matchMedia('(max-width: 700px)');
  isNarrow.value = narrow.matches;
  narrow.addEventListener('change', () => {
    isNarrow.value = narrow.matches;
  });
}

/** The columns of a view from left to right: the chosen ones, or those of its form. */
export function columnsOf({ form, columns }: Pick<View, 'form' | 'columns'>): readonly string[] {
  if (columns !== undefined) return columns;
  const usual = DEFAULTS[form];
  return isNarrow.value && form !== 'table' ? usual.filter((name) => name !== 'component') : usual;
}

/** Takes the columns an address names: fields that exist, each once; `undefined` when it names none. */
export function parseColumns(names: readonly string[]): readonly string[] | undefined {
  const known = names.filter((name) => name.length <= MAX_NAME && isColumn(name));
  return known.length === 0 ? undefined : [...new Set(known)].slice(0, MAX_COLUMNS);
}

/** Whether entries may have a field of this name: one of theirs, or a path such as `data.order.id`. */
export function isColumn(name: string): boolean {
  return name in WIDTHS || /^data\../.test(name);
}

/** A column's name in the head of the table. */
export function columnTitle(name: string): string {
  return TITLES[name] ?? name;
}

/** Whether values of a column are numbers, which stand under each other by their last digit. */
export function isNumber(name: string): boolean {
  return name === 'status_code' || name === 'response_time_ms' || name === 'bytes_sent';
}

/** Places of the columns as CSS writes them, and the pixels they need at least. */
export function gridOf(
  columns: readonly string[],
  withDate: boolean,
): { readonly template: string; readonly width: number } {
  const widths = columns.map((name) => {
    if (name === 'time' && withDate) return DATED_WIDTH;
    if (name === 'message' && isNarrow.value) return NARROW_MESSAGE;
    return WIDTHS[name] ?? OTHER_WIDTH;
  });
  const widest = columns.includes('message') ? columns.indexOf('message') : columns.length - 1;
  return {
    template: widths.map((px, i) => (i === widest ? `minmax(${px}px, 1fr)` : `${px}px`)).join(' '),
    width: widths.reduce((sum, px) => sum + px + GAP, PADDING - GAP),
  };
}

/** What an entry has in a column as one text; an object as JSON. */
export function columnText(entry: Entry, name: string): string {
  const value = valueAt(entry, name);
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A member of `data` may have dots in its own name: the longest that is there counts. */
function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(members, path)) return members[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    if (!Object.hasOwn(members, name)) continue;
    const found = valueAt(members[name], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
