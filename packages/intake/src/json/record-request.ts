import type { Candidate } from '../parsed-line.js';
import { parseRequestLine } from '../values/request-line.js';
import { readHostOfUrl } from './json-values.js';

/** Keys whose value may be a full URL. */
const URL_KEYS = ['url', 'uri', 'path', 'request_uri'];

/**
 * Takes a request line given as one value (nginx's `$request`) out of a record, and the host of a target that is a full
 * URL. What the record says apart from the line wins.
 */
export function splitRecordRequest(rest: Record<string, unknown>, entry: Candidate): void {
  const line = typeof rest.request === 'string' ? parseRequestLine(rest.request) : undefined;
  if (line !== undefined) {
    delete rest.request;
    rest.method ??= line.method;
    rest.path ??= line.path;
    if (line.protocol !== undefined) rest.protocol ??= line.protocol;
    entry.proxy_hostname ??= line.host;
    return;
  }
  if (typeof rest.method !== 'string') return;
  for (const key of URL_KEYS) entry.proxy_hostname ??= readHostOfUrl(rest[key]);
}
