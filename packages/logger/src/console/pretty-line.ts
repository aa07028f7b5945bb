import { type Entry, type EntryError, type Level, REQUEST_COMPONENT, requestMessage } from '@tailrace/schema';
import { printable, printableJson } from './escape-controls.js';

/** Characters of the data in one line; the whole is in Redis. */
const MAX_DATA = 500;
const RESET = '\u001b[0m';
const DIM = '\u001b[2m';
const COLORS: Readonly<Record<Level, string>> = {
  TRACE: '\u001b[90m',
  DEBUG: '\u001b[90m',
  INFO: '\u001b[32m',
  WARNING: '\u001b[33m',
  ERROR: '\u001b[31m',
  CRITICAL: '\u001b[1;31m',
  AUDIT: '\u001b[35m',
};

/** An entry in one line for a person: time (UTC), level, component, message, then the fields that say most. */
export function prettyLine(entry: Entry, isColored: boolean): string {
  const paint = (color: string, text: string) => (isColored ? `${color}${text}${RESET}` : text);
  const time = new Date(entry.timestamp).toISOString().replace('T', ' ');
  const fields = fieldsOf(entry).map(([name, value]) => `${paint(DIM, `${name}=`)}${value}`);
  const { component, error } = entry;
  return [
    paint(DIM, time),
    paint(COLORS[entry.level], entry.level.padEnd(8)),
    ...(component === REQUEST_COMPONENT ? [] : [printable(component)]),
    printable(entry.message === '' && entry.kind === 'request' ? requestMessage(entry) : entry.message),
    ...fields,
    ...(error === undefined ? [] : [paint(COLORS.ERROR, printable(errorText(error)))]),
  ].join(' ');
}

function fieldsOf(entry: Entry): [string, string][] {
  const { response_time_ms, data, event, message } = entry;
  const texts: readonly (readonly [string, string | undefined])[] = [
    ['ms', response_time_ms === undefined ? undefined : String(response_time_ms)],
    ['ip', entry.client_ip ?? entry.client_hostname],
    ['host', entry.proxy_hostname],
    ['user', entry.user_id],
    ['client', entry.client_id],
    ['session', entry.session_id],
    ['trace', entry.trace_id],
    ['event', event === message ? undefined : event],
    ['outcome', entry.outcome],
    ['objects', entry.objects?.join(',')],
  ];
  const fields = texts.flatMap(([name, text]): [string, string][] =>
    text === undefined ? [] : [[name, printable(text)]],
  );
  return data === undefined ? fields : [...fields, ['data', cut(printableJson(data))]];
}

function errorText(error: EntryError): string {
  const texts = [`${error.type}: ${error.message}`];
  for (let { cause } = error; cause !== undefined; { cause } = cause) {
    texts.push(`${cause.type}: ${cause.message}`);
  }
  return texts.join(', caused by ');
}

function cut(text: string): string {
  return text.length > MAX_DATA ? `${text.slice(0, MAX_DATA)}…` : text;
}
