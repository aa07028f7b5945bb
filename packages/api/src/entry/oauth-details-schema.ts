import type { OAuthDetails } from '@tailrace/schema';
import { z } from 'zod';

const MAX_TEXT = 2_048;
const MAX_VALUES = 64;
const text = z.string().max(MAX_TEXT);
const texts = z.union([text, z.array(text).max(MAX_VALUES)]);
const epochSeconds = z.number().min(-8.64e12).max(8.64e12);

/** Claims of a token that say nothing that opens anything (RFC 7519, section 4.1; RFC 9068, section 2.2). */
const claimsSchema = z.object({
  iss: text.optional(),
  sub: text.optional(),
  aud: texts.optional(),
  scope: text.optional(),
  iat: epochSeconds.optional().describe('Issued at, epoch seconds'),
  nbf: epochSeconds.optional().describe('Not valid before, epoch seconds'),
  exp: epochSeconds.optional().describe('Expires, epoch seconds'),
});

/** What `data.oauth` of an `oauth.*` entry holds, beside what joins it to others ({@link OAUTH_JOINS}). */
export const oauthDetailsSchema = z.object({
  error: text.optional().describe('Error code, such as invalid_grant'),
  error_description: text.optional(),
  error_detail: text.optional().describe('What the server knows and did not tell the client'),
  grant_type: text.optional(),
  response_type: text.optional(),
  redirect_uri: text.optional(),
  registered_redirect_uris: texts.optional(),
  scope: text.optional().describe('What was asked for'),
  granted_scope: text.optional(),
  required_scope: text.optional().describe('What a resource server needs'),
  audience: texts.optional().describe('Whom a resource server takes tokens for, or whom one was asked for'),
  resource: texts.optional().describe('RFC 8707'),
  code_challenge_method: text.optional(),
  has_code_verifier: z.boolean().optional(),
  auth_method: text.optional().describe('How the client authenticated'),
  registered_auth_method: text.optional(),
  code_lifetime_s: z.number().min(0).optional(),
  checked_at: epochSeconds.optional().describe('The clock of who checked a token, epoch seconds'),
  expected_issuer: text.optional(),
  has_expected_state: z.boolean().optional().describe('False: the client knew of no login it had begun'),
  active: z.boolean().optional().describe('What an introspection replied'),
  prompt: text.optional(),
  claims: claimsSchema.optional().describe('Of the token in question'),
}) satisfies z.ZodType<OAuthDetails>;
