import { randomUUID } from 'node:crypto';

/** The header a request's id comes in and goes out with. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** UUIDs, ULIDs, numbers, base64, and what load balancers make; nothing that breaks a header, a log line or a shell. */
const SANE = /^[\w.:+/=@-]{1,128}$/;

/** The id the request came with when that is a sane one, else a new one. */
export function requestIdOf(given: string | undefined): string {
  return given !== undefined && SANE.test(given) ? given : randomUUID();
}
