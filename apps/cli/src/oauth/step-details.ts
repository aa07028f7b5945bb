import type { OAuthStepReply } from '@tailrace/api';

/** What a step is about, in a few words. */
export function stepSummary({ step, outcome, oauth, component }: OAuthStepReply): string {
  const failure = [oauth.error, oauth.error_description].filter(Boolean).join(': ');
  if (outcome === 'failure' || failure !== '') return [failure || 'failed', `(${component})`].join(' ');
  const facts = [
    ...(step === 'authorize' ? authorizationFacts(outcome, oauth) : []),
    oauth.grant_type,
    oauth.granted_scope,
    oauth.active === undefined ? undefined : oauth.active ? 'active' : 'not active',
    `(${component})`,
  ];
  return facts.filter((fact) => fact !== undefined && fact !== '').join(' ');
}

function authorizationFacts(
  outcome: OAuthStepReply['outcome'],
  { scope, response_type: type, code_challenge_method: method }: OAuthStepReply['oauth'],
): (string | undefined)[] {
  if (outcome === 'success') return [type?.includes('code') ? 'code issued' : undefined];
  return [scope, method === undefined ? undefined : `PKCE ${method}`];
}

/** All that is known of a step, a line for each thing: request, OAuth, token, response, error. */
export function stepDetails({ request, oauth, error, client_ip: ip }: OAuthStepReply): string[] {
  const { claims, error: _, error_description: __, ...asked } = oauth;
  const line = [request?.method, request?.path, request?.status_code].filter((part) => part !== undefined);
  const response = [
    request?.response_time_ms === undefined ? undefined : `${request.response_time_ms}ms`,
    request?.bytes_sent === undefined ? undefined : `${request.bytes_sent} bytes`,
  ].filter((part) => part !== undefined);
  return [
    ...(line.length + response.length > 0 ? [`request ${[...line, ...response].join(' ')}`] : []),
    ...(ip === undefined ? [] : [`from ${ip}`]),
    ...(request?.request_id === undefined ? [] : [`request id ${request.request_id}`]),
    ...Object.entries(asked).map(
      ([name, value]) => `${name.replaceAll('_', ' ')} ${[value].flat().join(', ')}`,
    ),
    ...(claims === undefined || Object.keys(claims).length === 0 ? [] : [`token ${claimsText(claims)}`]),
    ...(error === undefined ? [] : [`error ${error.type}: ${error.message}`]),
  ];
}

function claimsText(claims: NonNullable<OAuthStepReply['oauth']['claims']>): string {
  return Object.entries(claims)
    .map(([name, value]) => {
      const isTime = name === 'iat' || name === 'nbf' || name === 'exp';
      return `${name}=${isTime ? timeText(value as number) : [value].flat().join(',')}`;
    })
    .join(' ');
}

function timeText(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  return Number.isNaN(date.getTime()) ? String(epochSeconds) : date.toISOString().replace('.000', '');
}
