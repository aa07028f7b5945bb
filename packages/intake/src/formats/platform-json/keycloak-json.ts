import type { EntryError } from '@tailrace/schema';
import { from } from '../../json/field-source.js';
import { errorOfStack } from '../../json/json-error.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, type JsonRecord } from '../../json/json-record.js';
import { readMessage, readText, readTime } from '../../json/json-values.js';
import { keycloakEvent, parseKeycloakEvent } from '../../text/keycloak-event.js';
import { readLevel } from '../../values/level-words.js';
import { parseTime } from '../../values/time-text.js';

const MAX_CAUSES = 16;

/** Keycloak (and any other Quarkus or WildFly) with JSON on its console; events are inside the message. */
export const keycloakJson = jsonFormat({
  name: 'keycloak-json',
  title: 'Keycloak, Quarkus and WildFly, JSON console',
  reference: 'https://www.keycloak.org/server/logging',
  detect: (record) =>
    typeof record.loggerName === 'string' && ('loggerClassName' in record || 'sequence' in record),
  fields: [
    from('timestamp', 'timestamp', readTime),
    from('level', 'level', readLevel),
    from('component', 'loggerName', readText),
    from('message', 'message', readMessage),
    from('error', 'exception', (value) => exceptionOf(value)),
    from('error', 'stackTrace', (value) =>
      typeof value === 'string' ? errorOfStack(value.trim()) : undefined,
    ),
    from('trace_id', 'mdc.traceId mdc.trace_id', readText),
    from('span_id', 'mdc.spanId mdc.span_id', readText),
  ],
  prepare: (record) => {
    const isEvent = record.loggerName === 'org.keycloak.events' && typeof record.message === 'string';
    const event = isEvent ? parseKeycloakEvent(record.message as string) : undefined;
    return { entry: event === undefined ? { kind: 'log' } : keycloakEvent(event), rest: { ...record } };
  },
});

/** Events as Keycloak stores them and its admin API gives them. */
export const keycloakEvents = jsonFormat({
  name: 'keycloak-events',
  title: 'Keycloak, stored events and admin events',
  reference: 'https://www.keycloak.org/docs-api/latest/rest-api/index.html#EventRepresentation',
  detect: (record) =>
    'realmId' in record &&
    'time' in record &&
    ((typeof record.type === 'string' &&
      ('clientId' in record || 'ipAddress' in record || 'userId' in record)) ||
      (typeof record.operationType === 'string' && 'resourceType' in record)),
  fields: [from('timestamp', 'time', readTime)],
  prepare: (record, { zone }) => {
    const { authDetails } = record;
    const event = isRecord(authDetails) ? { ...authDetails, ...record } : record;
    const timestamp = parseTime(record.time, zone);
    return {
      entry: { ...keycloakEvent(event), timestamp, component: 'keycloak' },
      rest: timestamp === undefined ? { time: record.time } : {},
    };
  },
});

/** Quarkus' detailed exceptions, with their causes. */
function exceptionOf(value: unknown, depth = 0): EntryError | undefined {
  if (!isRecord(value) || depth > MAX_CAUSES) return undefined;
  const cause = isRecord(value.causedBy) ? value.causedBy.exception : undefined;
  return {
    type: readText(value.exceptionType) ?? 'Error',
    message: readText(value.message) ?? '',
    ...(Array.isArray(value.frames) && { stack: value.frames.filter(isRecord).map(frameText).join('\n') }),
    ...(isRecord(cause) && { cause: exceptionOf(cause, depth + 1) }),
  };
}

function frameText(frame: JsonRecord): string {
  return `    at ${frame.class}.${frame.method}(${frame.line === undefined ? '' : `line ${frame.line}`})`;
}
