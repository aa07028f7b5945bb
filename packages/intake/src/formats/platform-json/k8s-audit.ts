import type { Format, ReadContext } from '../../format.js';
import { isRecord, type JsonRecord, stringAt, valueAt, without } from '../../json/json-record.js';
import { readIp, readStatus, readText } from '../../json/json-values.js';
import { type Candidate, type ParsedLine, refuse } from '../../parsed-line.js';
import { parseTime } from '../../values/time-text.js';

/** Kubernetes' audit events. Their `level` is how much is logged, their `verb` no HTTP method. */
export const k8sAudit: Format = {
  name: 'k8s-audit',
  title: 'Kubernetes audit log (audit.k8s.io)',
  reference: 'https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/',
  isJson: true,
  detect: ({ record }) =>
    (record?.kind === 'Event' || record?.kind === 'EventList') &&
    typeof record.apiVersion === 'string' &&
    record.apiVersion.startsWith('audit.k8s.io/'),
  parse({ record }, context) {
    if (record === undefined) return refuse('invalid_json', 'is no JSON object');
    if (!Array.isArray(record.items)) return readEvent(record, context);
    return record.items.filter(isRecord).map((event) => readEvent(event, context));
  },
};

function readEvent(event: JsonRecord, { zone }: ReadContext): ParsedLine {
  const time = event.stageTimestamp ?? event.requestReceivedTimestamp ?? event.timestamp;
  const timestamp = parseTime(time, zone);
  if (timestamp === undefined && time !== undefined) {
    return refuse(
      'invalid_time',
      `stageTimestamp is no time that is understood: ${JSON.stringify(time).slice(0, 100)}`,
    );
  }
  const { verb, requestURI: path, userAgent, auditID } = event;
  const status = readStatus(valueAt(event, 'responseStatus', 'code'));
  const user = stringAt(event, 'user', 'username');
  const entry: Candidate = {
    kind: 'log',
    timestamp,
    level: 'AUDIT',
    component: 'kubernetes',
    message: [user, verb, path].filter((part) => typeof part === 'string').join(' '),
    client_ip: clientOf(event.sourceIPs),
    path,
    status_code: status,
    user_id: user,
    user_agent: userAgent,
    request_id: auditID,
    event: typeof verb === 'string' && verb !== '' ? `k8s.${verb}` : undefined,
    outcome: outcomeOf(event, status),
    error: errorOf(event),
    data: without(event, 'kind', 'stageTimestamp', 'requestURI', 'userAgent', 'auditID'),
  };
  return { entry };
}

/**
 * "All but the last IP can be arbitrarily set by the client", so the last is the client's; the list stays in `data`.
 */
function clientOf(addresses: unknown): string | undefined {
  return Array.isArray(addresses) ? readIp(addresses.at(-1)) : undefined;
}

function outcomeOf(event: JsonRecord, status: number | undefined): string | undefined {
  if (stringAt(event, 'responseStatus', 'status') === 'Failure') return 'failure';
  if (status === undefined) return undefined;
  return status >= 400 ? 'failure' : 'success';
}

function errorOf(event: JsonRecord) {
  if (stringAt(event, 'responseStatus', 'status') !== 'Failure') return undefined;
  return {
    type: readText(valueAt(event, 'responseStatus', 'reason')) ?? 'Error',
    message: readText(valueAt(event, 'responseStatus', 'message')) ?? '',
  };
}
