import { differenceOf } from './difference.js';
import { evidenceOf, failureIn, type Rule, reasonOf, rfc, wordsOf } from './rule.js';

/** What is wrong with what a client asks: who it is, where it wants the answer, and for what. */
export const REQUEST_RULES: readonly Rule[] = [
  {
    cause: 'unknown_client',
    change: 'Register the client at this server, or correct its client_id; mind which environment it is of.',
    reference: rfc(6749, '5.2'),
    find(flow) {
      const failure = failureIn(
        flow,
        'authorize',
        'token',
        'refresh',
        'par',
        'device',
        'introspect',
        'revoke',
      );
      if (failure?.details.error !== 'invalid_client' || !UNKNOWN_CLIENT.test(reasonOf(failure)))
        return undefined;
      return {
        sentence: `The server knows no client "${flow.clientId ?? ''}".`,
        evidence: evidenceOf({ client_id: flow.clientId, error: reasonOf(failure) }),
      };
    },
  },
  {
    cause: 'client_authentication_method',
    change:
      'Let the client authenticate as it is registered, or change token_endpoint_auth_method of its registration.',
    reference: rfc(7591, '2'),
    find(flow) {
      const failure = failureIn(flow, 'token', 'refresh', 'par', 'device', 'introspect', 'revoke');
      if (failure?.details.error !== 'invalid_client') return undefined;
      const { auth_method: used, registered_auth_method: registered } = failure.details;
      if (used === undefined || registered === undefined || used === registered) return undefined;
      if (isSecret(used) && isSecret(registered) && !/mechanism|method/i.test(reasonOf(failure)))
        return undefined;
      return {
        sentence: `The client authenticated with ${used}, but is registered for ${registered}.`,
        evidence: evidenceOf({ used, registered, error: reasonOf(failure) }),
      };
    },
  },
  {
    cause: 'client_authentication',
    change:
      "Compare the client's secret or key with the registered one; one that was changed or has expired must be replaced.",
    reference: rfc(6749, '2.3'),
    find(flow) {
      const failure = failureIn(flow, 'token', 'refresh', 'par', 'device', 'introspect', 'revoke');
      if (failure?.details.error !== 'invalid_client') return undefined;
      return {
        sentence: 'The server did not accept what the client authenticated with.',
        evidence: evidenceOf({ method: failure.details.auth_method, error: reasonOf(failure) }),
      };
    },
  },
  {
    cause: 'redirect_uri_mismatch',
    change:
      'Send exactly the redirect_uri that is registered, and the same one to the token endpoint: scheme, port, path and slash count.',
    reference: rfc(6749, '3.1.2.3'),
    find(flow) {
      const failure = failureIn(flow, 'authorize', 'par', 'token', 'callback');
      if (failure === undefined) return undefined;
      const { redirect_uri: sent, registered_redirect_uris: registered, error } = failure.details;
      const asked = flow.steps.find(
        ({ name, details }) => name === 'authorize' && details.redirect_uri,
      )?.details;
      const wanted =
        failure.name === 'token' ? asked?.redirect_uri : closest(sent, [registered ?? []].flat());
      const isSaid = error === 'invalid_redirect_uri' || /redirect.?uri/i.test(reasonOf(failure));
      const isDifferent =
        failure.name === 'token' && sent !== undefined && wanted !== undefined && sent !== wanted;
      if (!isSaid && !(isDifferent && error === 'invalid_grant')) return undefined;
      return {
        sentence:
          failure.name === 'token'
            ? 'The redirect_uri sent to the token endpoint is not the one the code was issued for.'
            : 'The redirect_uri is not one that is registered for the client.',
        evidence: evidenceOf({
          sent,
          [failure.name === 'token' ? 'authorized' : 'registered']: wanted,
          difference: differenceOf(sent, wanted),
        }),
      };
    },
  },
  {
    cause: 'wrong_resource',
    change: 'Ask for a resource (audience) the server issues tokens for, spelled as it is registered there.',
    reference: rfc(8707, '2'),
    find(flow) {
      const failure = failureIn(flow, 'authorize', 'par', 'token', 'refresh', 'callback', 'device');
      if (failure?.details.error !== 'invalid_target') return undefined;
      const { resource, audience } = failure.details;
      return {
        sentence: 'The server issues no tokens for the resource that was asked for.',
        evidence: evidenceOf({ resource, audience, error: reasonOf(failure) }),
      };
    },
  },
  {
    cause: 'scope_not_granted',
    change:
      'Let the client ask for the scope, allow it in its registration, and see that the user grants it.',
    reference: rfc(6749, '3.3'),
    find(flow) {
      const failure = failureIn(flow, 'authorize', 'par', 'token', 'refresh', 'callback', 'device');
      if (failure?.details.error === 'invalid_scope') {
        return {
          sentence: 'The client asked for a scope the server does not give it.',
          evidence: evidenceOf({ asked: failure.details.scope, error: reasonOf(failure) }),
        };
      }
      const refusal = failureIn(flow, 'validate', 'userinfo');
      if (refusal === undefined) return undefined;
      const { required_scope: required, claims, error } = refusal.details;
      const issued = flow.steps.findLast(({ details }) => details.granted_scope !== undefined)?.details
        .granted_scope;
      const granted = claims?.scope ?? issued;
      const missing = wordsOf(required).filter((scope) => !wordsOf(granted).includes(scope));
      if (error !== 'insufficient_scope') return undefined;
      const asked = flow.steps.find(({ name, details }) => name === 'authorize' && details.scope)?.details
        .scope;
      return {
        sentence: `The token lacks the scope ${missing.join(' ') || (required ?? 'the resource server needs')}.`,
        evidence: evidenceOf({ required, granted: granted ?? '(none)', asked }),
      };
    },
  },
];

const UNKNOWN_CLIENT = /not found|unknown|no such|does not exist|client is invalid|not registered/i;

function isSecret(method: string): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

/** The registered one that begins most like the one sent. */
function closest(sent: string | undefined, registered: readonly string[]): string | undefined {
  const sameStart = (text: string) => {
    let i = 0;
    while (i < text.length && text[i] === sent?.[i]) i++;
    return i;
  };
  return registered.toSorted((a, b) => sameStart(b) - sameStart(a))[0];
}
