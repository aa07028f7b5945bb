import type { ErrorCode } from '@tailrace/api';

/** @see RequestError */
export interface RequestErrorOptions extends ErrorOptions {
  /** Seconds after which the same request may be answered, for `Retry-After`. */
  readonly retryAfterS?: number;
}

/** What was wrong with a request, for the one who sent it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ErrorCode;
  /** The parameter, header or body field. */
  readonly field: string | undefined;
  /** @see RequestErrorOptions */
  readonly retryAfterS: number | undefined;

  /** @param message what was wrong and what is allowed; it is replied as it stands */
  constructor(code: ErrorCode, message: string, field?: string, options: RequestErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.field = field;
    this.retryAfterS = options.retryAfterS;
  }
}
