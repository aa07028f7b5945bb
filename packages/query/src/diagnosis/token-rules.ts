import { type FlowStep, hasEnded, type OAuthFlow } from '../oauth/flow.js';
import {
  durationText,
  evidenceOf,
  failureIn,
  type Rule,
  reasonOf,
  rfc,
  successBefore,
  timeText,
} from './rule.js';

/** Clocks that agree differ by less, in seconds: claims are whole seconds, and both sides round. */
const CLOCK_TOLERANCE_S = 2;
/** A token is fresh for so long after it was issued. */
const FRESH_MS = 60_000;

/** What can be wrong with tokens: at the resource server, and when they are refreshed. */
export const TOKEN_RULES: readonly Rule[] = [
  {
    cause: 'wrong_audience',
    change:
      'Ask for a token for this resource server (resource or audience parameter), or correct the audience it expects.',
    reference: rfc(9068, '4'),
    find(flow) {
      const refusal = refusalIn(flow);
      const { audience, claims } = refusal?.details ?? {};
      const expected = [audience ?? []].flat();
      const actual = [claims?.aud ?? []].flat();
      if (expected.length === 0 || actual.length === 0 || actual.some((one) => expected.includes(one)))
        return undefined;
      return {
        sentence: 'The token was issued for another resource server.',
        evidence: evidenceOf({ 'token is for': actual, 'resource server is': expected }),
      };
    },
  },
  {
    cause: 'wrong_issuer',
    change:
      'Let the resource server trust the issuer the client gets its tokens from; compare the two letter by letter.',
    reference: rfc(9068, '4'),
    find(flow) {
      const { expected_issuer: expected, claims } = refusalIn(flow)?.details ?? {};
      if (expected === undefined || claims?.iss === undefined || claims.iss === expected) return undefined;
      return {
        sentence: 'The token is of another issuer than the resource server trusts.',
        evidence: evidenceOf({ 'token is of': claims.iss, 'resource server trusts': expected }),
      };
    },
  },
  {
    cause: 'clock_skew',
    change: "Set both machines' clocks by NTP, and allow some seconds of difference when tokens are checked.",
    reference: rfc(7519, '4.1.5'),
    find(flow) {
      const refusal = refusalIn(flow);
      if (refusal === undefined) return undefined;
      const { claims, checked_at: checkedAt = refusal.at / 1000 } = refusal.details;
      const starts = Math.max(claims?.nbf ?? 0, claims?.iat ?? 0);
      const isEarly = starts - checkedAt > CLOCK_TOLERANCE_S;
      // The token had expired by the checker's clock, though not by the clock of the log.
      const isLate = claims?.exp !== undefined && claims.exp <= checkedAt && claims.exp > refusal.at / 1000;
      if (!isEarly && !isLate) return undefined;
      const skewS = isEarly ? starts - checkedAt : checkedAt - refusal.at / 1000;
      return {
        sentence: `The clock of the resource server is ${isEarly ? 'behind' : 'ahead'} by about ${durationText(skewS * 1000)}.`,
        evidence: evidenceOf({
          iat: timeText(claims?.iat),
          nbf: timeText(claims?.nbf),
          exp: timeText(claims?.exp),
          'checked at': timeText(checkedAt),
        }),
      };
    },
  },
  {
    cause: 'token_expired',
    change: 'Let the client refresh its token before it ends, and after a 401.',
    reference: rfc(6750, '3.1'),
    find(flow) {
      const refusal = refusalIn(flow);
      if (refusal === undefined || !hasEnded(refusal)) return undefined;
      const { claims, checked_at: checkedAt = refusal.at / 1000 } = refusal.details;
      return {
        sentence: `The token had expired ${durationText((checkedAt - (claims?.exp ?? checkedAt)) * 1000)} before it was used.`,
        evidence: evidenceOf({ exp: timeText(claims?.exp), 'checked at': timeText(checkedAt) }),
      };
    },
  },
  {
    cause: 'fresh_token_rejected',
    change:
      "See that the resource server has this issuer's current keys, takes its kind of token (JWT or by introspection) and its algorithm.",
    reference: rfc(6750, '3.1'),
    find(flow) {
      const refusal = refusalIn(flow);
      const issued =
        refusal && (successBefore(flow, 'refresh', refusal) ?? successBefore(flow, 'token', refusal));
      if (refusal === undefined || issued === undefined || refusal.at - issued.at > FRESH_MS)
        return undefined;
      return {
        sentence: `The resource server refused a token that was only ${durationText(refusal.at - issued.at)} old.`,
        evidence: evidenceOf({ error: reasonOf(refusal), iss: refusal.details.claims?.iss }),
      };
    },
  },
  {
    cause: 'refresh_token_reused',
    change:
      'Keep the new refresh token of every refresh, and let one process at a time refresh: two tabs or instances with the same one look like theft.',
    reference: rfc(9700, '4.14.2'),
    find(flow) {
      const failure = failureIn(flow, 'refresh');
      if (failure?.details.error !== 'invalid_grant') return undefined;
      const before = flow.steps.slice(0, flow.steps.indexOf(failure));
      const used = before.findLast(
        (step) => step.name === 'refresh' && step.outcome === 'success' && isRotation(step, failure),
      );
      if (used === undefined && !/already.{0,12}used|reus|consumed|rotat/i.test(reasonOf(failure)))
        return undefined;
      return {
        sentence: 'A refresh token was used again after it had been replaced by a new one.',
        evidence: evidenceOf({
          'replaced at': used && new Date(used.at).toISOString(),
          'used again after': used && durationText(failure.at - used.at),
          error: reasonOf(failure),
        }),
      };
    },
  },
  {
    cause: 'refresh_token_invalid',
    change:
      'Send the user through a new login; look for a logout, a revocation or the end of the session before.',
    reference: rfc(6749, '6'),
    find(flow) {
      const failure = failureIn(flow, 'refresh');
      if (failure?.details.error !== 'invalid_grant') return undefined;
      const revoked = flow.steps.findLast(
        ({ name, outcome }) => (name === 'revoke' || name === 'logout') && outcome === 'success',
      );
      return {
        sentence: `The refresh token is not valid any more${revoked === undefined ? '' : `: there was a ${revoked.name} before`}.`,
        evidence: evidenceOf({
          error: reasonOf(failure),
          [revoked?.name ?? '']: revoked && new Date(revoked.at).toISOString(),
        }),
      };
    },
  },
];

function refusalIn(flow: OAuthFlow): FlowStep | undefined {
  const refusal = failureIn(flow, 'validate', 'userinfo');
  return refusal?.details.error === 'insufficient_scope' ? undefined : refusal;
}

/** A refresh that has the token of the failed one gave another in its place; without rotation there is only that one. */
function isRotation(success: FlowStep, failure: FlowStep): boolean {
  const tokens = success.joins.filter((join) => join.startsWith('refresh_token:'));
  return tokens.length > 1 && tokens.some((token) => failure.joins.includes(token));
}
