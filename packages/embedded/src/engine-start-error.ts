/**
 * Why an engine did not start.
 *
 * - `port_unavailable`: nothing can listen on the wanted host and port; the message says which and why.
 * - `start_timeout`: the engine was not ready in time and was ended.
 * - `start_failed`: everything else; the message ends with the last lines the engine process printed.
 */
export type EngineStartErrorCode = 'port_unavailable' | 'start_timeout' | 'start_failed';

/** The rejection of `startEmbeddedEngine`; a caller may branch on `code`. */
export class EngineStartError extends Error {
  override readonly name = 'EngineStartError';
  readonly code: EngineStartErrorCode;

  constructor(code: EngineStartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
