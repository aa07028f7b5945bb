import type { EntryReply } from '@tailrace/schema';
import type { Palette } from './palette.js';
import { printable, printableJson } from './printable.js';

type EntryError = NonNullable<EntryReply['error']>;

/** What the line of an entry says already. */
const IN_LINE: ReadonlySet<string> = new Set([
  'timestamp',
  'kind',
  'level',
  'component',
  'message',
  'method',
  'path',
  'status_code',
  'response_time_ms',
  'client_ip',
  'proxy_hostname',
  'user_id',
  'objects',
  'outcome',
]);
const INDENT = '    ';

/** The lines under the line of an entry: its other fields, its data, its error with stack and causes. */
export function moreLines({ error, data, ...entry }: EntryReply, palette: Palette): string[] {
  const fields = Object.entries(entry).filter(([name, value]) => !IN_LINE.has(name) && value !== undefined);
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return [
    ...fields.map(([name, value]) => `${palette.dim(printable(name).padEnd(width))}  ${valueText(value)}`),
    ...dataLines(data),
    ...errorLines(error, palette),
  ].map((line) => INDENT + line);
}

function dataLines(data: EntryReply['data']): string[] {
  if (data === undefined) return [];
  return JSON.stringify(data, undefined, 2).split('\n').map(printable);
}

function errorLines(error: EntryError | undefined, palette: Palette, lead = ''): string[] {
  if (error === undefined) return [];
  const { type, message, code, stack = '', cause } = error;
  const head = `${lead}${type}: ${message}${code === undefined ? '' : ` (${code})`}`;
  // A stack repeats type and message, which may have several lines.
  const frames = stack.startsWith(`${type}: ${message}`) ? stack.slice(`${type}: ${message}`.length) : stack;
  return [
    palette.error(printable(head)),
    ...frames
      .split('\n')
      .filter((frame) => frame.trim() !== '')
      .map((frame) => palette.dim(`  ${printable(frame.trim())}`)),
    ...errorLines(cause as EntryError | undefined, palette, 'caused by '),
  ];
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? printable(value) : printableJson(value);
}
