import type { FlowStep, OAuthFlow } from '../oauth/flow.js';
import { durationText, evidenceOf, failureIn, type Rule, reasonOf, rfc, successBefore } from './rule.js';

/** The longest a code should live, in seconds (RFC 6749, section 4.1.2). */
const MAX_CODE_LIFETIME_S = 600;

/** What can be wrong with a code and its exchange. */
export const CODE_RULES: readonly Rule[] = [
  {
    cause: 'code_reused',
    change:
      'Exchange each code once: look for a callback that is handled twice (reload, prefetch, retry, two instances).',
    reference: rfc(6749, '4.1.2'),
    find(flow) {
      const failure = codeFailure(flow);
      if (failure === undefined) return undefined;
      const first = flow.steps.find(
        (step) =>
          step !== failure &&
          step.name === 'token' &&
          step.outcome === 'success' &&
          sharesCode(step, failure),
      );
      if (first === undefined && !/consumed|already.{0,12}used|reus/i.test(reasonOf(failure)))
        return undefined;
      return {
        sentence: 'The code was exchanged a second time.',
        evidence: evidenceOf({
          'first exchange': first && isoOf(first),
          'second exchange': isoOf(failure),
          between: first && durationText(failure.at - first.at),
        }),
      };
    },
  },
  {
    cause: 'code_expired',
    change:
      'Exchange the code as soon as the callback arrives; if that takes long for a reason, let the server issue longer-lived codes.',
    reference: rfc(6749, '4.1.2'),
    find(flow) {
      const failure = codeFailure(flow);
      if (failure === undefined) return undefined;
      const issued = successBefore(flow, 'authorize', failure);
      const ageMs = issued && failure.at - issued.at;
      const lifetimeS = issued?.details.code_lifetime_s;
      const isOld = ageMs !== undefined && ageMs > (lifetimeS ?? MAX_CODE_LIFETIME_S) * 1000;
      if (!isOld && !/expired/i.test(reasonOf(failure))) return undefined;
      return {
        sentence: `The code had expired${ageMs === undefined ? '' : `: it was ${durationText(ageMs)} old when it was exchanged`}.`,
        evidence: evidenceOf({
          issued: issued && isoOf(issued),
          exchanged: isoOf(failure),
          lifetime: lifetimeS === undefined ? undefined : durationText(lifetimeS * 1000),
        }),
      };
    },
  },
  {
    cause: 'pkce_verifier_missing',
    change:
      'Send the code_verifier with the token request; keep it from the authorization request until then (session, not memory of one process).',
    reference: rfc(7636, '4.5'),
    find(flow) {
      const failure = codeFailure(flow);
      const method = challengeMethodOf(flow);
      if (failure?.details.has_code_verifier !== false || method === undefined) return undefined;
      return {
        sentence: 'The authorization request had a code_challenge, the token request has no code_verifier.',
        evidence: evidenceOf({ code_challenge_method: method, code_verifier: 'not sent' }),
      };
    },
  },
  {
    cause: 'pkce_verifier_mismatch',
    change:
      'Send the code_verifier the code_challenge was made from (S256: base64url of its SHA-256, without padding); two logins at once must not share one place for it.',
    reference: rfc(7636, '4.6'),
    find(flow) {
      const failure = codeFailure(flow);
      if (failure === undefined || !PKCE.test(reasonOf(failure))) return undefined;
      return {
        sentence: 'The code_verifier does not fit the code_challenge of the authorization request.',
        evidence: evidenceOf({ code_challenge_method: challengeMethodOf(flow), error: reasonOf(failure) }),
      };
    },
  },
  {
    cause: 'code_of_another_client',
    change: 'Exchange a code with the client_id it was issued to.',
    reference: rfc(6749, '5.2'),
    find(flow) {
      const failure = codeFailure(flow);
      const issued = failure && successBefore(flow, 'authorize', failure)?.entry.client_id;
      const used = failure?.entry.client_id;
      if (issued === undefined || used === undefined || issued === used) return undefined;
      return {
        sentence: 'The code was issued to another client than the one that exchanged it.',
        evidence: evidenceOf({ 'issued to': issued, 'exchanged by': used }),
      };
    },
  },
];

const PKCE = /pkce|code.?verifier|code.?challenge/i;

function codeFailure(flow: OAuthFlow): FlowStep | undefined {
  const failure = failureIn(flow, 'token');
  const { error } = failure?.details ?? {};
  // Some servers say invalid_request of a verifier that is missing.
  return error === 'invalid_grant' || error === 'invalid_request' ? failure : undefined;
}

function challengeMethodOf({ steps }: OAuthFlow): string | undefined {
  return steps.find(({ details }) => details.code_challenge_method !== undefined)?.details
    .code_challenge_method;
}

function sharesCode(one: FlowStep, other: FlowStep): boolean {
  return one.joins.some((join) => join.startsWith('code:') && other.joins.includes(join));
}

function isoOf({ at }: FlowStep): string {
  return new Date(at).toISOString();
}
