import { isNothing, type JsonRecord } from '../json/json-record.js';
import { readIp, readText } from '../json/json-values.js';
import type { Candidate } from '../parsed-line.js';

const KEY = /([A-Za-z][\w.-]{0,100})=/y;
const MAX_KEYS = 200;

/**
 * The fields of an event in Keycloak's log: `type="LOGIN", realmId="…"`, before version 23 without quotes, but single
 * ones around values with spaces.
 *
 * @returns `undefined` when the text is no list of fields. Of a key that comes twice the first counts: an event's own
 * fields stand before the details.
 */
export function parseKeycloakEvent(text: string): JsonRecord | undefined {
  const fields: Record<string, string> = {};
  let at = 0;
  for (let count = 0; count < MAX_KEYS && at < text.length; count += 1) {
    KEY.lastIndex = at;
    const key = KEY.exec(text)?.[1];
    if (key === undefined) return undefined;
    const start = at + key.length + 1;
    const end = endOfValue(text, start);
    if (end === undefined) return undefined;
    const value = text.slice(start, end);
    if (!Object.hasOwn(fields, key)) fields[key] = /^["']/.test(value) ? value.slice(1, -1) : value;
    if (end < text.length && !text.startsWith(', ', end)) return undefined;
    at = end + 2;
  }
  return 'type' in fields || 'operationType' in fields ? fields : undefined;
}

/** The place after a value; a quoted one ends at a quote before `, ` or the end. */
function endOfValue(text: string, start: number): number | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'") {
    const comma = text.indexOf(', ', start);
    return comma === -1 ? text.length : comma;
  }
  for (let i = text.indexOf(quote, start + 1); i !== -1; i = text.indexOf(quote, i + 1)) {
    if (text[i - 1] === '\\' && i > start + 1) continue;
    if (i + 1 === text.length || text.startsWith(', ', i + 1)) return i + 1;
  }
  return undefined;
}

/**
 * An event of Keycloak as an entry: X is a success, X_ERROR a failure, `error` its reason. "null" is nothing.
 *
 * @param event the fields of the log's line, or a stored EventRepresentation
 */
export function keycloakEvent(event: JsonRecord): Candidate {
  const said = (name: string) => (event[name] === 'null' || isNothing(event[name]) ? undefined : event[name]);
  const type = readText(said('type') ?? said('operationType'));
  const error = readText(said('error'));
  const details = Object.entries(event).filter(([name]) => !TAKEN.has(name) && said(name) !== undefined);
  return {
    kind: 'log',
    event: type,
    outcome: type?.endsWith('_ERROR') || error !== undefined ? 'failure' : 'success',
    client_id: readText(said('clientId')),
    user_id: readText(said('userId')),
    session_id: readText(said('sessionId')),
    client_ip: readIp(said('ipAddress')),
    ...(error !== undefined && { error: { type: 'KeycloakError', message: error } }),
    data: Object.fromEntries(details),
  };
}

const TAKEN = new Set([
  'type',
  'operationType',
  'error',
  'clientId',
  'userId',
  'sessionId',
  'ipAddress',
  'time',
]);
