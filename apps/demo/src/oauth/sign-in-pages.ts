import type { IncomingMessage, ServerResponse } from 'node:http';
import { log_oauth_activity } from '@tailrace/logger';
import type Provider from 'oidc-provider';
import type { Person } from './registry.js';

/** Where a provider sends people to sign in and to consent. */
export const SIGN_IN_PATH = '/interaction/';

const MAX_FORM = 4_096;

/**
 * The pages a provider's own server answers itself: GET shows what is asked, POST takes `user` and `password`, or
 * `consent` (`yes` or `no`).
 */
export function createSignInPages(
  provider: Provider,
  people: readonly Person[],
  clientIp: (request: IncomingMessage) => string,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const { uid, prompt, params, session, grantId } = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ asks: prompt.name }));
      return;
    }
    const form = await readForm(request);
    const clientId = String(params.client_id);
    const common = {
      component: 'sign-in',
      client_id: clientId,
      client_ip: clientIp(request),
      state: typeof params.state === 'string' ? params.state : undefined,
      interaction: uid,
    };
    if (prompt.name === 'login') {
      const person = people.find(({ id }) => id === form.get('user'));
      if (person === undefined || person.password !== form.get('password')) {
        log_oauth_activity('login', {
          ...common,
          user_id: form.get('user') ?? undefined,
          error: 'invalid_credentials',
          error_description: person === undefined ? 'there is no such user' : 'the password is wrong',
        });
        response
          .writeHead(401, { 'content-type': 'application/json' })
          .end('{"error":"user or password is wrong"}');
        return;
      }
      await provider.interactionFinished(request, response, { login: { accountId: person.id } });
      return;
    }
    if (form.get('consent') !== 'yes') {
      const denial = { error: 'access_denied', error_description: 'the user did not consent' };
      await provider.interactionFinished(request, response, denial);
      return;
    }
    const accountId = session?.accountId as string;
    const grant =
      (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
      new provider.Grant({ accountId, clientId });
    const { missingOIDCScope, missingResourceScopes } = prompt.details as MissingConsent;
    if (missingOIDCScope !== undefined) grant.addOIDCScope(missingOIDCScope.join(' '));
    for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
      grant.addResourceScope(resource, scopes.join(' '));
    }
    await provider.interactionFinished(
      request,
      response,
      { consent: { grantId: await grant.save() } },
      { mergeWithLastSubmission: true },
    );
  };
}

interface MissingConsent {
  readonly missingOIDCScope?: readonly string[];
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_FORM) break;
  }
  return new URLSearchParams(text);
}
