import { expect, test } from 'vitest';
import * as api from './index.js';
import { log_token_check, oauth_request_fields } from './oauth/index.js';
import { ODD_VALUES } from './testing/odd-values.js';
import { createRecorder } from './testing.js';

type Call = (...values: never[]) => unknown;

/** Every public call that logs, with arguments that are as they should be. */
const CALLS: Readonly<Record<string, readonly [call: Call, ...values: unknown[]]>> = {
  log_trace: [api.log_trace, 'message', {}],
  log_debug: [api.log_debug, 'message', {}],
  log_info: [api.log_info, 'message', {}],
  log_warning: [api.log_warning, 'message', {}],
  log_error: [api.log_error, 'message', {}],
  log_critical: [api.log_critical, 'message', {}],
  log_audit: [api.log_audit, 'message', {}],
  log_event: [api.log_event, 'event', {}, {}],
  log_request: [api.log_request, 'GET', '/', '192.0.2.1', 'a.example', { trace_id: 't' }],
  log_response: [api.log_response, 200, 1, { trace_id: 't' }],
  log_oauth_activity: [api.log_oauth_activity, 'token', {}],
  track_oauth_flow: [api.track_oauth_flow, 'flow', 'token', {}],
  log_token_check: [log_token_check, { token: 't' }],
  oauth_request_fields: [oauth_request_fields, { method: 'GET', path: '/authorize?client_id=a' }],
  withContext: [api.withContext, {}, () => api.log_info('inside')],
  ...Object.fromEntries(
    [
      'component',
      'trace_id',
      'traceparent',
      'status_code',
      'level',
      'timestamp',
      'error',
      'data',
      'objects',
      'event',
    ].map((name) => [
      `log_info with ${name}`,
      [(value: unknown) => api.log_info('message', { [name]: value }), 'text'],
    ]),
  ),
  ...Object.fromEntries(
    ['state', 'code', 'access_token', 'error', 'outcome', 'claims', 'client_id'].map((name) => [
      `log_oauth_activity with ${name}`,
      [(value: unknown) => api.log_oauth_activity('token', { [name]: value } as never), 'text'],
    ]),
  ),
};

/** A function that is to be run is no value that is logged. */
const isRun = (value: unknown) => typeof value === 'function';

test.each(ODD_VALUES)(
  'no call throws for %s in place of any argument, and what it logs is counted',
  (_, make) => {
    for (const [name, [call, ...values]] of Object.entries(CALLS)) {
      const recorder = createRecorder({ levels: { quiet: 'ERROR' }, sampling: [{ path: '/none', rate: 0 }] });
      const given = values
        .map((_, place) => values.with(place, make()))
        .filter((_, place) => !isRun(values[place]));
      if (!values.some(isRun)) given.push(values.map(make));
      for (const odd of given) expect(() => call(...(odd as never[])), name).not.toThrow();
      recorder.stop();
      const { accepted, written, pending, dropped } = recorder.stats();
      const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
      expect({ name, accepted, unreadable: dropped.unreadable }).toEqual({
        name,
        accepted: written + pending + lost,
        unreadable: undefined,
      });
      for (const entry of recorder.entries) expect(entry.message, name).toEqual(expect.any(String));
    }
  },
);

test('the bytes that wait are a number, whatever is logged', async () => {
  // Nobody listens there, and no batch is due before the test is over.
  const redis = 'redis://127.0.0.1:1';
  const onError = () => undefined;
  api.configureLogger({
    redis,
    spoolDir: false,
    level: 'TRACE',
    flushIntervalMs: 60_000,
    maxBatchEntries: 5_000,
    onError,
  });
  for (const [, make] of ODD_VALUES) {
    for (const [name, [call, ...values]] of Object.entries(CALLS)) {
      if (values.some(isRun)) continue;
      const before = api.stats().pendingBytes;
      call(...(values.map(make) as never[]));
      const { accepted, written, pending, pendingBytes, dropped } = api.stats();
      const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
      expect(pendingBytes, name).toBeGreaterThanOrEqual(before);
      expect(accepted, name).toBe(written + pending + lost);
    }
  }
  await api.close(0);
});
