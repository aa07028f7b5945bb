import { ERROR_CODES, type ErrorReply } from '@tailrace/api';
import { KeyConflictError } from '@tailrace/query';
import { isStoreFull, isStoreUnavailable } from '@tailrace/redis';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { GatewayContext, GatewayDeps } from '../gateway-env.js';
import { RequestError } from './request-error.js';

/** Makes the reply of an error in another protocol's words. @param status of HTTP */
export type ErrorShape = (error: RequestError, c: GatewayContext, status: ContentfulStatusCode) => Response;

/**
 * Turns whatever a route throws into its reply. Only a {@link RequestError} says more than its code.
 *
 * @param options.shapes by path, where an error is not told in our own JSON
 */
export function createErrorHandler({
  report,
  shapes = {},
}: Pick<GatewayDeps, 'report'> & { readonly shapes?: Readonly<Record<string, ErrorShape>> }) {
  return (error: Error, c: GatewayContext): Response => {
    const known = knownError(error);
    const { code, field, retryAfterS } = known;
    const status = ERROR_CODES[code];
    if (status >= 500 && !c.req.raw.signal.aborted) {
      const cause = known.cause ?? error;
      const text = code === 'internal' && cause instanceof Error ? cause.stack : String(cause);
      report(`${c.req.method} ${c.req.path} failed (${code}, request ${c.get('requestId')}): ${text}`);
    }
    if (retryAfterS !== undefined) c.header('retry-after', String(retryAfterS));
    const shape = Object.hasOwn(shapes, c.req.path) ? shapes[c.req.path] : undefined;
    if (shape !== undefined) return shape(known, c, status);
    const body: ErrorReply = {
      error: {
        code,
        message: known.message,
        ...(field !== undefined && { field }),
        request_id: c.get('requestId'),
      },
    };
    return c.json(body, status);
  };
}

/** What a failure is called to the one who asked. The store is named only where it failed. */
export function knownError(error: Error): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof KeyConflictError) {
    return new RequestError('key_conflict', error.message, undefined, { cause: error });
  }
  if (isStoreUnavailable(error)) return storeUnavailable(error);
  return new RequestError('internal', 'something went wrong here; the gateway has logged it', undefined, {
    cause: error,
  });
}

/** Seconds after which a store that was away may be back. */
const RETRY_AFTER_S = 1;

function storeUnavailable(cause: Error): RequestError {
  const message = isStoreFull(cause)
    ? 'the memory of the store that holds the entries is full (maxmemory); what is stored stays, nothing new is taken'
    : 'the store that holds the entries does not serve requests now; try again soon';
  return new RequestError('store_unavailable', message, undefined, { cause, retryAfterS: RETRY_AFTER_S });
}
