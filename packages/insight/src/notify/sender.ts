import type { AlertEvent } from '../store/alert-event.js';

/** Sends what happened to an alert over one channel. */
export interface Sender {
  /**
   * Resolves when the receiver has taken it.
   *
   * @throws SendError, or what the connection throws
   */
  send(event: AlertEvent, options: { readonly now: number; readonly signal: AbortSignal }): Promise<void>;
  /** After so many milliseconds the receiver forgets an alert that fires, unless it is told again. @default never */
  readonly renewMs?: number;
}

/** A receiver refused. */
export class SendError extends Error {
  override readonly name = 'SendError';
  /** When the receiver wants to be asked again. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}
