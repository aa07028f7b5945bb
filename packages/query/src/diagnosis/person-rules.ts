import type { OAuthFlow } from '../oauth/flow.js';
import { durationText, evidenceOf, failureIn, type Rule, reasonOf, rfc, successBefore } from './rule.js';

/** A person does not log in so many times in one session within {@link LOOP_MS}. */
const LOOP_LOGINS = 4;
const LOOP_MS = 60_000;

/** What can go wrong on a person's way through the browser. */
export const PERSON_RULES: readonly Rule[] = [
  {
    cause: 'login_loop',
    change:
      "See why the client's own session is lost after the callback: a cookie without SameSite=None or Secure, another host name or path, a session store that forgets.",
    reference: rfc(6749, '4.1'),
    find(flow, { flows }) {
      const loop = flows.filter((other) => isSameBrowser(flow, other) && isNear(flow, other));
      if (loop.length < LOOP_LOGINS || !flow.steps.some(({ name }) => name === 'authorize')) return undefined;
      const [first, last] = [loop[0] as OAuthFlow, loop.at(-1) as OAuthFlow];
      return {
        sentence: `The same browser was sent to log in ${loop.length} times within ${durationText(last.startedAt - first.startedAt)}.`,
        evidence: evidenceOf({ logins: loop.length, session: flow.sessions, client: flow.clientId }),
      };
    },
  },
  {
    cause: 'state_mismatch',
    change:
      'Keep the state of each login until its callback, in the browser it began in; two tabs need a place each.',
    reference: rfc(6749, '10.12'),
    find(flow) {
      const failure = failureIn(flow, 'callback');
      if (failure === undefined || !/state/i.test(reasonOf(failure))) return undefined;
      const isLost = failure.details.has_expected_state === false;
      return {
        sentence: isLost
          ? 'The callback brought a state, but the client remembered no login it had begun in that browser.'
          : 'The callback brought another state than the client had sent.',
        evidence: evidenceOf({
          error: reasonOf(failure),
          'state the client expected': isLost ? 'none' : 'another',
        }),
      };
    },
  },
  {
    cause: 'consent_denied',
    change:
      'Nothing is broken: the user, or a policy for the user, said no. Tell the user what the access is for, and let them try again.',
    reference: rfc(6749, '4.1.2.1'),
    find(flow) {
      const failure = failureIn(flow, 'consent', 'authorize', 'callback', 'login', 'device', 'token');
      if (failure?.details.error !== 'access_denied') return undefined;
      return {
        sentence: 'Access was denied when the user was asked.',
        evidence: evidenceOf({ user: flow.userId, error: reasonOf(failure) }),
      };
    },
  },
  {
    cause: 'login_failed',
    change: 'See the log of the login page; many of these from one address are guessed passwords.',
    reference: rfc(6749, '3.1'),
    find(flow) {
      const failure = failureIn(flow, 'login');
      if (failure === undefined) return undefined;
      const tries = flow.steps.filter(
        ({ name, outcome }) => name === 'login' && outcome === 'failure',
      ).length;
      return {
        sentence: `The user did not get past the login${tries > 1 ? ` in ${tries} tries` : ''}.`,
        evidence: evidenceOf({ error: reasonOf(failure), tries }),
      };
    },
  },
  {
    cause: 'device_not_approved',
    change:
      'Let the user open the verification address and enter the code before it expires; show it long enough.',
    reference: rfc(8628, '3.5'),
    find(flow) {
      const isDevice = flow.steps.some(({ joins }) => joins.some((join) => join.startsWith('device_code:')));
      if (!isDevice) return undefined;
      const failure = failureIn(flow, 'token');
      if (flow.state !== 'abandoned' && failure?.details.error !== 'expired_token') return undefined;
      return {
        sentence: 'The user did not approve the device.',
        evidence: evidenceOf({ polls: flow.steps.filter(({ name }) => name === 'token').length }),
      };
    },
  },
  {
    cause: 'code_not_exchanged',
    change:
      'See what the client does after its callback: an error before the token request, a token endpoint it cannot reach.',
    reference: rfc(6749, '4.1.3'),
    find(flow) {
      const callback = successBefore(flow, 'callback') ?? flow.steps.find(({ name }) => name === 'callback');
      if (flow.state !== 'abandoned' || callback === undefined) return undefined;
      return {
        sentence: 'The client got its callback, but never exchanged the code for a token.',
        evidence: evidenceOf({ callback: new Date(callback.at).toISOString() }),
        step: callback,
      };
    },
  },
  {
    cause: 'callback_missing',
    change:
      "See whether the redirect_uri answers in the user's browser: host name, certificate, port, firewall, an app link that nobody opens.",
    reference: rfc(6749, '4.1.2'),
    find(flow) {
      const issued = successBefore(flow, 'authorize');
      if (flow.state !== 'abandoned' || issued === undefined) return undefined;
      return {
        sentence: 'A code was issued, but neither a callback nor a token request came.',
        evidence: evidenceOf({
          issued: new Date(issued.at).toISOString(),
          redirect_uri: issued.details.redirect_uri,
        }),
        step: issued,
      };
    },
  },
  {
    cause: 'left_before_the_end',
    change: 'Often nothing: people close pages. When many stop at the same step, look at that page.',
    reference: rfc(6749, '4.1'),
    find(flow) {
      if (flow.state !== 'abandoned' || flow.stop === undefined) return undefined;
      const prompt = flow.stop.details.prompt;
      return {
        sentence: `The user went no further than ${flow.stop.name}.`,
        evidence: evidenceOf({ 'last step': new Date(flow.stop.at).toISOString(), prompt }),
      };
    },
  },
];

function isSameBrowser(one: OAuthFlow, other: OAuthFlow): boolean {
  return one.clientId === other.clientId && one.sessions.some((session) => other.sessions.includes(session));
}

function isNear(one: OAuthFlow, other: OAuthFlow): boolean {
  return Math.abs(one.startedAt - other.startedAt) <= LOOP_MS;
}
