import type { EntryError, OAuthDetails } from '@tailrace/schema';
import { isError, readMember, snapshotError } from '@tailrace/writer';

/** What is kept of the error of a step. */
export interface OAuthFailure {
  readonly details: Pick<OAuthDetails, 'error' | 'error_description' | 'error_detail'>;
  /** What was thrown, without what it was caused by. */
  readonly error?: EntryError;
}

/** Code of an error by which openid-client 6 wraps what it was caused by. */
const WRAPPED = /^OAUTH_/;

/**
 * Reads the error of a step: an OAuth error code, a response with one, or what a library threw. openid-client 5 and 6
 * and oauth4webapi put code and description beside the message, or into what the error was caused by; what else it was
 * caused by is a response, with all that is secret in it, unless it is a failure of the connection.
 *
 * @param mask replaces the secrets of the step where the error repeats them
 * @returns `undefined` when nothing failed.
 */
export function oauthFailure(error: unknown, mask: (text: string) => string): OAuthFailure | undefined {
  if (error === undefined || error === null || error === false || error === '') return undefined;
  if (typeof error === 'string') return { details: { error: mask(error) } };
  if (typeof error === 'function') return { details: {} };
  if (typeof error !== 'object') return { details: { error: String(error) } };
  const told = toldBy(error) ?? (isError(error) ? toldBy(readMember(error, 'cause')) : undefined);
  const code = told && textOf(told.error);
  const description = told && textOf(told.error_description);
  const detail = textOf(readMember(error, 'error_detail'));
  return {
    details: {
      ...(code !== undefined && { error: mask(code) }),
      ...(description !== undefined && { error_description: mask(description) }),
      ...(detail !== undefined && { error_detail: mask(detail) }),
    },
    ...(isError(error) || typeof readMember(error, 'message') === 'string'
      ? { error: thrownError(error, mask, 0) }
      : {}),
  };
}

interface Told {
  readonly error: unknown;
  readonly error_description: unknown;
}

/** A body of a response, its parameters, or challenges of `WWW-Authenticate`, as far as they name an error. */
function toldBy(given: unknown): Told | undefined {
  try {
    const holder: unknown = Array.isArray(given) ? (given[0]?.parameters ?? given[0]) : given;
    if (typeof holder !== 'object' || holder === null) return undefined;
    const { error, error_description } =
      holder instanceof URLSearchParams ? Object.fromEntries(holder) : (holder as Record<string, unknown>);
    return typeof error === 'string' ? { error, error_description } : undefined;
  } catch {
    return undefined;
  }
}

/** Causes that are followed: a wrapper's, and the connection's. */
const MAX_CAUSES = 3;

function thrownError(thrown: object, mask: (text: string) => string, depth: number): EntryError {
  const { type, message, stack, code } = snapshotError(thrown);
  const cause = readMember(thrown, 'cause');
  const isTold = depth < MAX_CAUSES && isError(cause) && (WRAPPED.test(code ?? '') || isOfConnection(cause));
  return {
    type,
    message: mask(message),
    ...(stack !== undefined && { stack: mask(stack) }),
    ...(code !== undefined && { code }),
    ...(isTold && { cause: thrownError(cause, mask, depth + 1) }),
  };
}

/** Such as ECONNREFUSED, which fetch hides behind "fetch failed". */
function isOfConnection(cause: Error): boolean {
  const code = readMember(cause, 'code');
  return typeof code === 'string' && /^(E[A-Z]+|UND_ERR_\w+|CERT_\w+|\w+_CERT\w*)$/.test(code);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
