import type { ErrorCode, ErrorReply } from '@tailrace/api';

/** The gateway refused, or what answered is no gateway. A connection that fails is what `fetch` throws. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  /** HTTP status. */
  readonly status: number;
  /** `undefined` when what answered is no gateway. */
  readonly code: ErrorCode | undefined;
  /** The parameter, header or body field it is about. */
  readonly field: string | undefined;
  /** What the gateway's own log has it under. */
  readonly requestId: string | undefined;

  constructor(status: number, error: Partial<ErrorReply['error']> = {}) {
    super(error.message ?? `what answers is no Tailrace gateway (HTTP status ${status})`);
    this.status = status;
    this.code = error.code;
    this.field = error.field;
    this.requestId = error.request_id;
  }
}

/** Reads why a request was refused. */
export async function gatewayErrorOf(response: Response): Promise<GatewayError> {
  try {
    const { error } = JSON.parse(await response.text()) as ErrorReply;
    return new GatewayError(response.status, error);
  } catch {
    return new GatewayError(response.status);
  }
}
