import { randomBytes } from 'node:crypto';
import { type Scope, tokenDigest, tokenLine } from '@tailrace/api';

/** A token of one scope, and the line of the setting that makes it known. */
export function madeToken(scope: Scope): { readonly token: string; readonly line: string } {
  const token = `tailrace_${randomBytes(32).toString('base64url')}`;
  return { token, line: tokenLine({ name: `a-${scope}er`, scopes: [scope], digest: tokenDigest(token) }) };
}
