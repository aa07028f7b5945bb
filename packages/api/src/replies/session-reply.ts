import { z } from 'zod';
import { SCOPES } from '../tokens/access-token.js';

/** What `/session` replies: who the gateway takes a browser for. */
export const sessionReplySchema = z.object({
  needs_token: z.boolean().describe('False: everyone may do all, and nobody signs in'),
  scopes: z
    .array(z.enum(SCOPES))
    .describe('Scopes of this request; empty: nothing that needs a token is allowed'),
});

/** @see sessionReplySchema */
export type SessionReply = z.output<typeof sessionReplySchema>;

/** What signing in takes. */
export const signInSchema = z.strictObject({
  token: z.string().min(1).max(512).describe('As `tailrace token create` printed it'),
});
