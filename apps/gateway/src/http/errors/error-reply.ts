import { ERROR_CODES, type ErrorReply } from '@tailrace/api';
import { KeyConflictError } from '@tailrace/query';
import { isStoreFull, isStoreUnavailable } from '@tailrace/redis';
import type { GatewayContext, GatewayDeps } from '../gateway-env.js';
import { RequestError } from './request-error.js';

/** Turns whatever a route throws into its reply. Only a {@link RequestError} says more than its code. */
export function createErrorHandler({ report }: Pick<GatewayDeps, 'report'>) {
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

function storeUnavailable(cause: Error): RequestError {
  const message = isStoreFull(cause)
    ? 'the memory of the store that holds the entries is full (maxmemory); what is stored stays, nothing new is taken'
    : 'the store that holds the entries does not serve requests now; try again soon';
  return new RequestError('store_unavailable', message, undefined, { cause });
}
