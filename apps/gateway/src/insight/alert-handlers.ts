import { durationMs } from '@tailrace/api';
import {
  type AlertEvent,
  alertId,
  eventId,
  resolveGroup,
  type Silence,
  type StoredState,
  tell,
} from '@tailrace/insight';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { shownAlert, shownEvent, shownRule } from './alert-shapes.js';
import { replyOfTest } from './alert-test.js';
import type { Insight, KnownRule } from './insight.js';
import { readRule } from './read-rule.js';

/** Rules the API takes. */
const MAX_API_RULES = 1_000;
/** Times a change is tried again while the evaluation changes the same state. */
const MAX_ATTEMPTS = 20;
/** Milliseconds a channel that is tried may take. */
const TEST_TIMEOUT_MS = 15_000;
const ORDER = { firing: 0, pending: 1, resolved: 2 } as const;

/** Answers `/api/alerts`. */
export function alertHandlers({ insight: given, now = Date.now }: GatewayDeps) {
  const insight = (): Insight => {
    if (given === undefined) throw new RequestError('not_found', 'this gateway evaluates no alerts');
    return given;
  };

  return {
    'GET /api/alerts': async ({ query }) => {
      const { store } = insight();
      const [states, silences, history, counts] = await Promise.all([
        store.states(),
        store.silences(now()),
        store.history(query.rule === undefined ? query.limit : 10_000),
        store.counts(),
      ]);
      const isWanted = (rule: string) => query.rule === undefined || query.rule === rule;
      const alerts = [...states].flatMap(([id, { state }]) =>
        Object.entries(isWanted(id) ? state.groups : {})
          .filter(([, group]) => group.state !== 'resolved')
          .map(([group, of]) => shownAlert(state, group, of, silences.values())),
      );
      alerts.sort((a, b) => ORDER[a.status] - ORDER[b.status] || (a.created_at < b.created_at ? -1 : 1));
      return {
        alerts,
        history: history
          .filter(({ rule }) => isWanted(rule))
          .slice(0, query.limit)
          .map(shownEvent),
        notifications: {
          waiting: counts.waiting,
          renewed: counts.renewed,
          delivered: counts.delivered,
          failed: counts.failed,
          given_up: counts.givenUp,
          lost: counts.lost,
        },
      };
    },

    'GET /api/alerts/rules': async () => {
      const { store, refresh, channels } = insight();
      await refresh();
      const states = await store.states();
      return {
        rules: [...insight().rules.values()].map((known) =>
          shownRule(known, states.get(known.body.id)?.state),
        ),
        channels: [...channels].map(([name, { type }]) => ({ name, type })),
      };
    },

    'POST /api/alerts/rules': async ({ body }) => {
      await insight().refresh();
      if (insight().rules.has(body.id)) {
        throw new RequestError(
          'invalid_body',
          `id is ${shownValue(body.id)}: must not be that of another rule; PUT changes one`,
          'id',
        );
      }
      return put(body);
    },

    'PUT /api/alerts/rules/{id}': async ({ path, body }) => {
      if (body.id !== path.id) {
        throw new RequestError(
          'invalid_body',
          `id is ${shownValue(body.id)}: must not differ from the path's ${shownValue(path.id)}`,
          'id',
        );
      }
      await insight().refresh();
      known(path.id);
      return put(body);
    },

    'DELETE /api/alerts/rules/{id}': async ({ path }) => {
      await insight().refresh();
      refuseFile(known(path.id));
      await insight().store.removeRule(path.id);
      await insight().refresh();
      return { removed: path.id };
    },

    'POST /api/alerts/test': ({ c, body }) =>
      replyOfTest(
        typeof body.rule === 'string'
          ? known(body.rule).rule
          : readRule(body.rule, { isOfFile: false, marks: insight().marksNow }),
        body,
        { scan: insight().scan, now: now(), signal: c.req.raw.signal },
      ),

    'POST /api/alerts/{id}/resolve': async ({ path, body }) => {
      const { store } = insight();
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const { stored, group } = await found(path.id);
        const step = resolveGroup(stored.state, group, body.reason ?? 'resolved by a person');
        if (step === undefined)
          throw new RequestError('invalid_parameter', `${shownValue(path.id)} does not fire`, 'id');
        const silences = await store.silences(now());
        const { state, events, messages } = tell(stored.state.about, step, silences.values(), now());
        const change = {
          fence: '',
          rule: state.about.id,
          before: stored.text,
          after: state,
          windows: 0,
          events,
          messages,
        } as const;
        const after = state.groups[group];
        if (after !== undefined && (await store.commit(change))) {
          return { alert: shownAlert(state, group, after, silences.values()) };
        }
      }
      throw new RequestError(
        'store_unavailable',
        'the rule is being evaluated all the time; try again',
        undefined,
        { retryAfterS: 1 },
      );
    },

    'POST /api/alerts/{id}/silence': async ({ path, body }) => {
      const { store } = insight();
      const { stored, group } = await found(path.id);
      const { id: rule } = stored.state.about;
      const silence: Silence = {
        rule,
        group: body.scope === 'rule' ? null : group,
        until: now() + (durationMs(body.for) ?? 0),
        reason: body.reason ?? null,
      };
      const id = JSON.stringify([silence.rule, silence.group]);
      if (silence.until <= now()) await store.removeSilence(id);
      else await store.putSilence(id, silence).catch(asRequestError);
      const of = stored.state.groups[group];
      if (of === undefined) throw noAlert(path.id);
      return { alert: shownAlert(stored.state, group, of, (await store.silences(now())).values()) };
    },
    'POST /api/alerts/notify-test': async ({ c, body }) => {
      const sender = insight().senders().get(body.channel);
      if (sender === undefined) {
        const names = [...insight().channels.keys()].join(', ') || 'none, as ALERT_RULES names no channels';
        throw new RequestError(
          'invalid_body',
          `channel is ${shownValue(body.channel)}: must be one of ${names}`,
          'channel',
        );
      }
      const started = performance.now();
      const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(TEST_TIMEOUT_MS)]);
      let error: string | null = null;
      try {
        await sender.send(testEvent(now()), { now: now(), signal });
      } catch (cause) {
        error = cause instanceof Error ? cause.message : String(cause);
      }
      return {
        channel: body.channel,
        delivered: error === null,
        error,
        ms: Math.round(performance.now() - started),
      };
    },
  } satisfies Partial<Handlers>;

  async function put(body: KnownRule['body']) {
    const { store, channels, rules, refresh } = insight();
    const before = rules.get(body.id);
    if (before !== undefined) refuseFile(before);
    else if (rules.size >= MAX_API_RULES) {
      throw new RequestError('invalid_body', `there are ${rules.size} rules; allowed: ${MAX_API_RULES}`);
    }
    const unknown = body.channels.find((name) => !channels.has(name));
    if (unknown !== undefined) {
      const names = [...channels.keys()].join(', ') || 'none, as ALERT_RULES names no channels';
      throw new RequestError(
        'invalid_body',
        `channels has ${shownValue(unknown)}: must be one of ${names}`,
        'channels',
      );
    }
    await store.putRule(body.id, JSON.stringify(body));
    await refresh();
    return shownRule(known(body.id), (await store.state(body.id))?.state);
  }

  function known(id: string): KnownRule {
    const rule = insight().rules.get(id);
    if (rule !== undefined) return rule;
    throw new RequestError('not_found', `there is no rule ${shownValue(id)}`);
  }

  /** The state of the rule of an alert, and the group the alert is about. */
  async function found(id: string): Promise<{ readonly stored: StoredState; readonly group: string }> {
    const rule = id.split('.')[0] ?? '';
    const stored = await insight().store.state(rule);
    const group = Object.entries(stored?.state.groups ?? {}).find(
      ([name, of]) => alertId(rule, name, of.episode) === id,
    );
    if (stored === undefined || group === undefined) throw noAlert(id);
    return { stored, group: group[0] };
  }
}

function refuseFile({ body, rule }: KnownRule): void {
  if (!rule.isOfFile) return;
  throw new RequestError(
    'invalid_parameter',
    `${shownValue(body.id)} stands in the file ALERT_RULES and is changed there`,
    'id',
  );
}

function noAlert(id: string): RequestError {
  return new RequestError('not_found', `there is no active alert ${shownValue(id)}`);
}

function asRequestError(error: unknown): never {
  if (error instanceof RangeError) throw new RequestError('invalid_body', error.message);
  throw error;
}

/** What a channel is tried with. Its alert is resolved, so that nothing waits for its end. */
function testEvent(now: number): AlertEvent {
  return {
    id: eventId('tailrace-test', '', now, 'resolved'),
    alert: alertId('tailrace-test', '', now),
    status: 'resolved',
    rule: 'tailrace-test',
    name: 'Test of a channel',
    description: 'Somebody tried whether notifications arrive. Nothing is wrong.',
    severity: 'info',
    runbook: null,
    labels: {},
    condition: 'none',
    threshold: 0,
    value: 0,
    startedAt: now,
    at: now,
    late: false,
    silenced: false,
    reason: 'test',
  };
}
