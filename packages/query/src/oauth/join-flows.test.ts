import type { Entry } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinFlows, joiningFlows } from './join-flows.js';

let number = 0;

function entry(timestamp: number, oauth: Record<string, unknown>, fields: Partial<Entry> = {}): Entry {
  return {
    id: `log:${timestamp}:oauth:${String(number++).padStart(4, '0')}0000`,
    timestamp,
    kind: 'log',
    level: 'INFO',
    component: 'oauth',
    message: '',
    event: 'oauth.authorize',
    client_id: 'web',
    client_ip: '192.0.2.1',
    data: { oauth } as NonNullable<Entry['data']>,
    ...fields,
  };
}

/** Authorize, its success, callback, token, two refreshes, a use of the token. */
function login(name: string, from: number): Entry[] {
  const [state, code, access] = [`s${name}`, `c${name}`, `a${name}`];
  return [
    entry(from, { state }),
    entry(from + 10, { state, code }, { outcome: 'success' }),
    entry(from + 20, { state, code }, { event: 'oauth.callback' }),
    entry(from + 30, { code, refresh_token: `r1${name}` }, { event: 'oauth.token' }),
    entry(from + 40, { refresh_token: [`r1${name}`, `r2${name}`] }, { event: 'oauth.refresh' }),
    entry(from + 50, { refresh_token: [`r2${name}`], access_token: access }, { event: 'oauth.refresh' }),
    entry(
      from + 60,
      { access_token: access, jti: name },
      { event: 'oauth.validate', client_ip: '198.51.100.9' },
    ),
  ];
}

const idsOf = (flows: readonly (readonly Entry[])[]) =>
  flows.map((flow) => flow.map(({ id }) => id).toSorted()).toSorted();

describe('joinFlows', () => {
  test('keeps logins apart that interleave at one address with one client, in whatever order they are read', () => {
    const logins = Array.from({ length: 6 }, (_, i) => login(String(i), 1_000 + i * 7));
    fc.assert(
      fc.property(fc.shuffledSubarray(logins.flat(), { minLength: 42 }), (shuffled) => {
        expect(idsOf(joinFlows(shuffled))).toEqual(idsOf(logins));
      }),
    );
  });

  test('never joins by address or client alone', () => {
    expect(joinFlows([entry(1, {}), entry(2, {}), entry(3, { state: 's' })])).toHaveLength(3);
  });

  test('adds a step that says only its session to the flow the session was in, if the client is the same', () => {
    const begun = entry(1_000, { state: 's' }, { session_id: 'x' });
    const login = entry(1_100, {}, { session_id: 'x', event: 'oauth.login' });
    const other = entry(1_200, {}, { session_id: 'x', client_id: 'other', event: 'oauth.login' });
    const late = entry(9_000_000, {}, { session_id: 'x', event: 'oauth.login' });
    const flows = joinFlows([begun, login, other, late]);
    expect(idsOf(flows)).toEqual(idsOf([[begun, login], [other], [late]]));
  });

  test('keeps two logins of one session apart', () => {
    const logins = [login('a', 1_000), login('b', 2_000)];
    const entries = logins.flat().map((one) => ({ ...one, session_id: 'x' }));
    expect(joinFlows(entries)).toHaveLength(2);
  });

  test('keeps logins apart of a client that always sends the same state', () => {
    const first = [
      entry(1, { state: 's' }),
      entry(2, { state: 's', code: 'a' }),
      entry(3, { state: 's', code: 'a' }),
    ];
    const second = [entry(4, { state: 's' }), entry(5, { state: 's', code: 'b' }), entry(6, { state: 's' })];
    expect(idsOf(joinFlows([...first, ...second]))).toEqual(idsOf([first, second]));
  });

  test('keeps steps of one millisecond as their process logged them', () => {
    const refused = entry(5, { state: 's' }, { event: 'oauth.token', outcome: 'failure' });
    const again = entry(5, { state: 's' }, { id: refused.id.replace(/0000$/, '0001'), order: 1 });
    const other = entry(5, { state: 's' }, { event: 'oauth.login', order: 7 });
    expect(joinFlows([again, other, refused])).toEqual([[other, refused, again]]);
  });

  test('orders steps of one millisecond of several processes as they must have been', () => {
    const given = entry(5, { state: 's' }, { outcome: 'success' });
    const consent = entry(5, { state: 's' }, { event: 'oauth.consent' });
    const asked = entry(5, { state: 's' });
    expect(joinFlows([given, consent, asked])).toEqual([[asked, consent, given]]);
  });

  test('yields again and again, so that many entries do not keep the event loop', () => {
    const entries = Array.from({ length: 5_000 }, (_, i) =>
      entry(i, { state: `s${i % 7}` }, { session_id: 'x' }),
    );
    const work = joiningFlows(entries);
    let yields = 0;
    while (!work.next().done) yields += 1;
    expect(yields).toBeGreaterThanOrEqual((4 * entries.length) / 100);
  });
});
