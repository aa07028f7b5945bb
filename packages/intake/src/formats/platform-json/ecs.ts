import { from } from '../../json/field-source.js';
import { IDENTITY_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, type JsonRecord, stringAt, valueAt } from '../../json/json-record.js';
import {
  readCount,
  readHostName,
  readIp,
  readMessage,
  readMethod,
  readOutcome,
  readStatus,
  readText,
  readTime,
  scaled,
} from '../../json/json-values.js';
import type { Candidate } from '../../parsed-line.js';
import { keycloakEvent, parseKeycloakEvent } from '../../text/keycloak-event.js';
import { readLevel } from '../../values/level-words.js';
import { splitTarget } from '../../values/request-line.js';

/** Elastic Common Schema, with dotted keys, nested ones, or both. */
export const ecs = jsonFormat({
  name: 'ecs',
  title: 'Elastic Common Schema (ECS)',
  reference: 'https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html',
  detect: (record) =>
    '@timestamp' in record &&
    (at(record, 'ecs', 'version') !== undefined ||
      typeof at(record, 'log', 'level') === 'string' ||
      typeof at(record, 'log', 'logger') === 'string'),
  fields: [
    from('timestamp', '@timestamp', readTime),
    from('level', 'log.level', readLevel),
    from('message', 'message', readMessage),
    from('component', 'service.name log.logger event.module', readText),
    from('method', 'http.request.method', readMethod),
    from('proxy_hostname', 'url.domain server.domain', readHostName),
    from('client_ip', 'client.ip source.ip client.address source.address', readIp),
    from('status_code', 'http.response.status_code', readStatus),
    from('bytes_sent', 'http.response.body.bytes http.response.bytes', readCount),
    from('response_time_ms', 'event.duration', scaled(1e-6)),
    from('user_agent', 'user_agent.original', readText),
    from('referrer', 'http.request.referrer', readText),
    from('request_id', 'http.request.id', readText),
    from('user_id', 'user.id user.name user.email', readText),
    from('trace_id', 'trace.id', readText),
    from('span_id', 'span.id', readText),
    from('session_id', 'session.id', readText),
    from('event', 'event.action', readText),
    from('outcome', 'event.outcome', readOutcome),
    ...IDENTITY_FIELDS,
  ],
  prepare: (record) => {
    const rest = nested(record);
    const { message } = rest;
    const isEvent = stringAt(rest, 'log', 'logger') === 'org.keycloak.events' && typeof message === 'string';
    const event = isEvent ? parseKeycloakEvent(message) : undefined;
    return {
      entry: { ...errorOf(rest), ...urlOf(rest), ...(event !== undefined && keycloakEvent(event)) },
      rest,
    };
  },
});

/** Dotted keys as nested objects; where both would say different things the dotted key stays. */
function nested(record: JsonRecord): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (!key.includes('.')) {
      const known = out[key];
      out[key] = isRecord(known) && isRecord(value) ? { ...value, ...known } : value;
      continue;
    }
    const names = key.split('.');
    const last = names.pop() as string;
    if (names.length > 8 || names.some((name) => name === '' || name === '__proto__')) {
      out[key] = value;
      continue;
    }
    const holder = holderOf(out, names);
    if (holder === undefined || Object.hasOwn(holder, last)) out[key] = value;
    else holder[last] = value;
  }
  return out;
}

function holderOf(
  root: Record<string, unknown>,
  names: readonly string[],
): Record<string, unknown> | undefined {
  let holder = root;
  for (const name of names) {
    if (!Object.hasOwn(holder, name)) holder[name] = {};
    const next = holder[name];
    if (!isRecord(next)) return undefined;
    holder = next;
  }
  return holder;
}

function at(record: JsonRecord, object: string, name: string): unknown {
  return record[`${object}.${name}`] ?? valueAt(record, object, name);
}

function errorOf(rest: Record<string, unknown>): Candidate {
  const { error } = rest;
  if (!isRecord(error)) return {};
  const { type, message, code, stack_trace: stack, ...others } = error;
  if (typeof message !== 'string' && typeof type !== 'string' && typeof stack !== 'string') return {};
  if (Object.keys(others).length > 0) rest.error = others;
  else delete rest.error;
  return {
    error: {
      type: readText(type) ?? 'Error',
      message: readText(message) ?? '',
      ...(typeof stack === 'string' && { stack }),
      ...(readText(code) !== undefined && { code: readText(code) }),
    },
  };
}

/** The path as it was asked for, with its query. */
function urlOf(rest: Record<string, unknown>): Candidate {
  const original = stringAt(rest, 'url', 'original') ?? stringAt(rest, 'url', 'full');
  if (original !== undefined) {
    const { path, host } = splitTarget(original);
    return { path, ...(valueAt(rest, 'url', 'domain') === undefined && { proxy_hostname: host }) };
  }
  const path = stringAt(rest, 'url', 'path');
  const query = stringAt(rest, 'url', 'query');
  if (path === undefined) return {};
  return { path: query === undefined || query === '' ? path : `${path}?${query.replace(/^\?/, '')}` };
}
