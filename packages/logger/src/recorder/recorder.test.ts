import { afterEach, describe, expect, it } from 'vitest';
import {
  close,
  configureLogger,
  flush,
  log_debug,
  log_error,
  log_event,
  log_info,
  log_request,
  log_response,
  stats,
} from '../index.js';
import { createRecorder, type Recorder, type RecorderOptions } from '../testing.js';

const recorders: Recorder[] = [];
function record(options?: RecorderOptions): Recorder {
  const recorder = createRecorder(options);
  recorders.push(recorder);
  return recorder;
}
afterEach(() => {
  for (const recorder of recorders.splice(0)) recorder.stop();
});

const NOW = Date.UTC(2024, 0, 15);

describe('createRecorder', () => {
  it('records calls as the entries they would be stored as', () => {
    const recorder = record({ now: () => NOW });
    log_debug('checked', { component: 'db', rows: 3, password: 'hunter2', nothing: undefined });
    log_request('GET', '/cb?token=abc', '::ffff:192.0.2.1', 'API.example.com', { status_code: 404 });
    expect(recorder.entries).toEqual([
      {
        id: expect.stringMatching(/^log:1705276800000:db:[\w-]{8}$/),
        timestamp: NOW,
        kind: 'log',
        level: 'DEBUG',
        component: 'db',
        message: 'checked',
        data: { rows: 3, password: '[redacted]' },
      },
      expect.objectContaining({
        id: expect.stringMatching(/^req:1705276800000:192\.0\.2\.1:/),
        level: 'WARNING',
        message: 'GET /cb?token=[redacted] 404',
        proxy_hostname: 'api.example.com',
      }),
    ]);
    expect(stats()).toMatchObject({ accepted: 2, written: 2, pending: 0 });
  });

  it('joins a request and its response, and shows what had none when it is stopped', () => {
    const recorder = record();
    log_request('GET', '/a', '192.0.2.1', 'h', { trace_id: 't-1' });
    log_request('GET', '/b', '192.0.2.1', 'h', { trace_id: 't-2' });
    expect(recorder.entries).toEqual([]);
    log_response(200, 1.5, { trace_id: 't-1' });
    expect(recorder.entries.map(({ path }) => path)).toEqual(['/a']);
    recorder.stop();
    expect(recorder.entries.map(({ path }) => path)).toEqual(['/a', '/b']);
  });

  it('finds entries by a part, by a regular expression and by a function', () => {
    const recorder = record();
    log_info('one', { user_id: 'u-1', objects: ['vm-1'], order: { lines: [{ sku: 'a' }] } });
    log_error(new TypeError('two failed'));
    expect(recorder.find({ data: { order: { lines: [{ sku: 'a' }] } } })?.message).toBe('one');
    expect(recorder.find({ objects: ['vm-1', 'vm-2'] })).toBeUndefined();
    expect(recorder.find({ error: { type: 'TypeError', message: /failed/ } })?.level).toBe('ERROR');
    expect(recorder.filter(({ level }) => level !== 'DEBUG')).toHaveLength(2);
    expect(recorder.find({ user_id: undefined })?.message).toBe('two failed');
    recorder.clear();
    expect(recorder.entries).toEqual([]);
  });

  it('waits for an entry that is there, and for one that comes', async () => {
    const recorder = record();
    log_info('first');
    expect((await recorder.waitFor({ message: 'first' })).message).toBe('first');
    const coming = recorder.waitFor({ event: 'proxy_created' });
    setImmediate(() => log_event('proxy_created', { hostname: 'h' }));
    expect((await coming).data).toEqual({ hostname: 'h' });
  });

  it('says what was recorded when nothing that fits comes', async () => {
    const recorder = record({ now: () => NOW });
    log_info('something\nelse', { user_id: 'u-1' });
    await expect(recorder.waitFor({ message: /paid/ }, { timeoutMs: 5 })).rejects.toThrow(
      'no log entry fitted {"message":"/paid/"} within 5 ms; recorded: 1 entries\n' +
        '  2024-01-15 00:00:00.000Z INFO     app something\\nelse user=u-1',
    );
    const waiting = recorder.waitFor({ message: 'never' });
    recorder.stop();
    await expect(waiting).rejects.toThrow('before the recorder was stopped');
    await expect(recorder.waitFor({ message: 'never' })).rejects.toThrow('before the recorder was stopped');
  });

  it('tells what was dropped: too old, too far ahead, after close', async () => {
    const recorder = record({ now: () => NOW });
    recorder.assertNothingDropped();
    log_info('old', { timestamp: 0 });
    log_info('ahead', { timestamp: NOW + 2 * 86_400_000 });
    await flush();
    await close();
    log_info('late');
    expect(recorder.entries).toEqual([]);
    expect(() => recorder.assertNothingDropped()).toThrow(
      'log entries were dropped: 1 entry_too_old, 1 entry_in_future, 1 closed',
    );
  });

  it('keeps recording when the code under test configures the logger, whose wrong options still throw', () => {
    const recorder = record();
    configureLogger({ redis: 'redis://127.0.0.1:1' });
    log_info('still here');
    expect(recorder.find({ message: 'still here' })).toBeDefined();
    expect(() => configureLogger({ redis: 'http://no' })).toThrow(RangeError);
  });

  it('takes options of a logger', () => {
    const recorder = record({ level: 'INFO', levels: { db: 'DEBUG' }, redact: { names: ['iban'] } });
    log_debug('hidden');
    log_debug('shown', { component: 'db', iban: 'DE00' });
    expect(recorder.entries).toMatchObject([{ message: 'shown', data: { iban: '[redacted]' } }]);
    expect(() => createRecorder({ level: 'LOUD' as never })).toThrow(RangeError);
  });

  it('gives back to the recorder made before it, in whatever order they stop', () => {
    const [first, second, third] = [record(), record(), record()];
    log_info('to the third');
    second?.stop();
    third?.[Symbol.dispose]();
    third?.stop();
    log_info('to the first');
    expect(first?.entries.map(({ message }) => message)).toEqual(['to the first']);
    expect(second?.entries).toEqual([]);
    expect(third?.entries.map(({ message }) => message)).toEqual(['to the third']);
  });
});
