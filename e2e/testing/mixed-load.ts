import {
  type LogFields,
  log_audit,
  log_critical,
  log_debug,
  log_error,
  log_event,
  log_info,
  log_oauth_activity,
  log_request,
  log_response,
  log_trace,
  log_warning,
} from '@tailrace/logger';
import { DAY_MS } from '@tailrace/schema';
import { createRandom } from './random.js';

const REQUESTS = 700;
const LOGS = 400;
const HOUR_MS = 3_600_000;

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'BREW'];
const STATUSES = [200, 200, 200, 201, 204, 301, 304, 400, 401, 403, 404, 405, 410, 418, 429, 500, 502, 503];
const IPS = ['198.51.100.1', '198.51.100.2', '::ffff:198.51.100.2', '2001:DB8::1', '2001:db8:0:0:0:0:0:1'];
const HOSTS = ['api.example.com', 'API.Example.com', 'www.example.com'];
const PATHS = [
  '/',
  '/users/1',
  '/users/2?tab=a',
  '/vms/0f8fad5b-d9cb-469f-a165-70867728950e',
  '/a/b/c/d/e/f/g/h',
];
const EVENTS = ['proxy_created', 'vm.started', 'oauth.token', 'oauth.authorize', 'oauth.token.refused'];
const LOG_CALLS = [log_trace, log_debug, log_info, log_warning, log_error, log_critical, log_audit];

/**
 * Logs entries of every kind, level, class and index there is, and odd ones; most of the last three hours.
 *
 * @returns the `request_id` of each entry: all are different.
 */
export function logMixedLoad(): readonly string[] {
  const ids: string[] = [];
  const random = createRandom(20_240_115);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const maybe = (chance: number, fields: () => LogFields): LogFields => (random() < chance ? fields() : {});
  const fresh = (): LogFields => {
    ids.push(`request-${ids.length}`);
    return { request_id: ids.at(-1), timestamp: Date.now() - Math.floor(random() * 3 * HOUR_MS) };
  };

  for (let i = 0; i < REQUESTS; i++) {
    const line = [pick(METHODS), pick(PATHS), pick(IPS), pick(HOSTS)] as const;
    const status = pick(STATUSES);
    const duration = random() < 0.1 ? random() * 20_000 : random() * 300;
    const fields: LogFields = {
      ...fresh(),
      ...maybe(0.5, () => ({ user_agent: `Mozilla/5.0 (${'x'.repeat(Math.floor(random() * 1_500))})` })),
      ...maybe(0.3, () => ({ bytes_sent: Math.floor(random() * 1e6) })),
      ...maybe(0.2, () => ({ user_id: `user-${Math.floor(random() * 9)}`, session_id: pick(['s1', 's2']) })),
      ...maybe(0.2, () => ({ route: '/users/:id', client_hostname: 'Client.Example.NET' })),
      ...maybe(0.1, () => ({ event: pick(EVENTS), client_id: pick(['app', 'cli']), outcome: 'failure' })),
      ...maybe(0.1, () => ({ component: 'proxy', level: pick(['DEBUG', 'error', 'AUDIT']) })),
      ...maybe(0.1, () => ({ referrer: 'https://example.org/?q=1', message: 'own message' })),
    };
    if (i % 3 > 0) {
      log_request(...line, { ...fields, status_code: status, response_time_ms: duration });
    } else {
      const trace_id = `trace-${i}`;
      log_request(...line, { ...fields, trace_id });
      log_response(status, duration, { trace_id });
    }
  }

  for (let i = 0; i < LOGS; i++) {
    pick(LOG_CALLS)(`message ${i}`, {
      ...fresh(),
      ...maybe(0.8, () => ({ component: pick(['worker', 'scheduler', 'größe ☂', 'with space {brace}']) })),
      ...maybe(0.3, () => ({ client_ip: pick(IPS), user_id: pick(['ada', 'Zoë', 'u'.repeat(400)]) })),
      ...maybe(0.3, () => ({ objects: pick([['vm-1'], ['vm-1', 'vol-2'], ['vm-1', 'vm-1', '~tilde']]) })),
      ...maybe(0.3, () => ({ trace_id: `trace-${Math.floor(random() * 50)}`, span_id: 'span' })),
      ...maybe(0.2, () => ({ session_id: pick(['s1', 's2']), client_id: pick(['app', 'cli']) })),
      ...maybe(0.2, () => ({ error: new TypeError('outer', { cause: new RangeError('inner') }) })),
      ...maybe(0.2, () => ({ nested: { list: [1, 'two', null, { three: 3 }] }, extra: 'ünï✓😀' })),
    });
    if (i % 10 === 0)
      log_oauth_activity(pick(['token', 'refresh']), { ...fresh(), code: `code ${i % 3}`, jti: '{j}' });
    log_event(pick(EVENTS), { hostname: pick(HOSTS) }, { ...fresh(), client_ip: pick(IPS) });
  }

  log_info(`long ${'é'.repeat(40_000)}`, { ...fresh(), path: '/long', user_agent: '😀'.repeat(2_000) });
  log_info('', fresh());
  log_error(new Error('an error as message'), fresh());
  logOldEntries(() => ({ ...fresh(), timestamp: Date.now() - 20 * DAY_MS }));
  return ids;
}

/** Of classes kept longer than requests, and old enough that no index of class `requests` has to hold them. */
function logOldEntries(old: () => LogFields): void {
  const about = {
    client_ip: '192.0.2.20',
    user_id: 'old-user',
    session_id: 'old-session',
    client_id: 'old-app',
  };
  log_audit('old audit', { ...old(), ...about, objects: ['old-vm'] });
  log_event('oauth.old', {}, { ...old(), ...about, objects: ['old-vm'] });
  log_error('old error', { ...old(), ...about, objects: ['old-vm'] });
  log_request('GET', '/old', '192.0.2.20', 'old.example.com', { ...old(), ...about, status_code: 503 });
}
