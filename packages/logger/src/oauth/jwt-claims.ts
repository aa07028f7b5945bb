/** What may be kept of a JWT's payload; all of it says who and when, nothing opens anything. */
export interface JwtClaims {
  readonly jti?: string;
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly scope?: string;
  readonly iat?: number;
  readonly nbf?: number;
  readonly exp?: number;
}

const TEXTS = ['jti', 'iss', 'sub', 'scope'] as const;
const TIMES = ['iat', 'nbf', 'exp'] as const;
const MAX_TOKEN = 16_384;

/** The claims a token makes, unchecked; `undefined`: it is no JWT (RFC 7519) that can be read. */
export function readJwt(token: string): JwtClaims | undefined {
  const parts = token.split('.', 4);
  if (token.length > MAX_TOKEN || parts.length !== 3) return undefined;
  let payload: unknown;
  try {
    payload = JSON.parse(Buffer.from(parts[1] as string, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (typeof payload !== 'object' || payload === null) return undefined;
  return claimsOf(payload as Record<string, unknown>);
}

/** The same of a payload that was read by others. */
export function claimsOf(payload: Readonly<Record<string, unknown>>): JwtClaims {
  const claims: Record<string, unknown> = {};
  for (const name of TEXTS) if (typeof payload[name] === 'string') claims[name] = payload[name];
  for (const name of TIMES) if (Number.isFinite(payload[name])) claims[name] = payload[name];
  const { aud } = payload;
  const isList = Array.isArray(aud) && aud.every((one) => typeof one === 'string');
  if (typeof aud === 'string' || isList) claims.aud = aud;
  return claims;
}
