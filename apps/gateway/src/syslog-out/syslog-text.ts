import { hostname } from 'node:os';
import type { Entry, Level } from '@tailrace/schema';
import { entryJson } from '../logs/entry-json.js';

/** What stands in a message's text. */
export const SYSLOG_BODIES = ['json', 'cef'] as const;
/** @see SYSLOG_BODIES */
export type SyslogBody = (typeof SYSLOG_BODIES)[number];

/** RFC 5424, section 6.2.1: severities, and the facilities local0 and, for AUDIT, log audit. */
const SEVERITIES: Readonly<Record<Level, number>> = {
  TRACE: 7,
  DEBUG: 7,
  INFO: 6,
  WARNING: 4,
  ERROR: 3,
  CRITICAL: 2,
  AUDIT: 5,
};
const LOCAL0 = 16;
const LOG_AUDIT = 13;
/** CEF counts from 0 to 10, highest last. */
const CEF_SEVERITIES: Readonly<Record<Level, number>> = {
  TRACE: 0,
  DEBUG: 1,
  INFO: 3,
  WARNING: 6,
  ERROR: 8,
  CRITICAL: 10,
  AUDIT: 5,
};
const MAX_NAME = 48;
const MAX_MESSAGE_ID = 32;
const MAX_CEF_TEXT = 1_023;

/**
 * An entry as a message of RFC 5424 with its length before it (RFC 6587, section 3.4.1).
 *
 * @param version of the gateway, for CEF
 */
export function syslogFrame(entry: Entry, body: SyslogBody, version: string): Buffer {
  const { timestamp, level, component, event = '-' } = entry;
  const facility = level === 'AUDIT' ? LOG_AUDIT : LOCAL0;
  const head = [
    `<${facility * 8 + SEVERITIES[level]}>1`,
    new Date(timestamp).toISOString(),
    nameOf(hostname(), 255),
    nameOf(component, MAX_NAME),
    '-',
    nameOf(event, MAX_MESSAGE_ID),
    '-',
  ].join(' ');
  const message = Buffer.from(`${head} ${body === 'json' ? entryJson(entry) : cefText(entry, version)}`);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

/** What a header may hold: printable characters without spaces. */
function nameOf(text: string, maxLength: number): string {
  return text.replace(/[^\x21-\x7e]/g, '_').slice(0, maxLength) || '-';
}

/** @see https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.4/pdfdoc/cef-implementation-standard/cef-implementation-standard.pdf */
function cefText(entry: Entry, version: string): string {
  const { id, timestamp, level, kind, event = kind, message, client_ip } = entry;
  const header = ['CEF:0', 'Tailrace', 'Gateway', version, event, message || event, CEF_SEVERITIES[level]];
  const isIpv4 = client_ip?.includes('.') && !client_ip.includes(':');
  const extension: readonly (readonly [string, string | number | undefined])[] = [
    ['rt', timestamp],
    ['externalId', id],
    ['cat', entry.component],
    ['src', isIpv4 ? client_ip : undefined],
    ['c6a2', isIpv4 ? undefined : client_ip],
    ['c6a2Label', isIpv4 || client_ip === undefined ? undefined : 'Source IPv6 Address'],
    ['dhost', entry.proxy_hostname],
    ['suser', entry.user_id],
    ['requestMethod', entry.method],
    ['request', entry.path],
    ['requestClientApplication', entry.user_agent],
    ['outcome', entry.outcome],
    ['cn1', entry.status_code],
    ['cn1Label', entry.status_code === undefined ? undefined : 'statusCode'],
    ['cs1', entry.trace_id],
    ['cs1Label', entry.trace_id === undefined ? undefined : 'traceId'],
    ['cs2', entry.objects?.join(',')],
    ['cs2Label', entry.objects === undefined ? undefined : 'objects'],
    ['msg', message || undefined],
  ];
  const given = extension.filter(([, value]) => value !== undefined);
  return `${header.map(cefHeader).join('|')}|${given.map(([name, value]) => `${name}=${cefValue(String(value))}`).join(' ')}`;
}

function cefHeader(value: string | number): string {
  return String(value)
    .slice(0, MAX_CEF_TEXT)
    .replace(/[\\|]/g, '\\$&')
    .replace(/\p{Cc}/gu, ' ');
}

function cefValue(text: string): string {
  return text
    .slice(0, MAX_CEF_TEXT)
    .replace(/[\\=]/g, '\\$&')
    .replace(/\r?\n|\r/g, '\\n')
    .replace(/\p{Cc}/gu, ' ');
}
