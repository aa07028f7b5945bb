import type { ErrorCode, ErrorReply } from '@tailrace/api';

const RETRY_STATUS: ReadonlySet<number | undefined> = new Set([429, 502, 503, 504]);

/** The gateway refused, or what answers is no gateway. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  /** HTTP status; `undefined` when what answers does not even speak HTTP. */
  readonly status: number | undefined;
  /** `undefined` when what answers is no gateway. */
  readonly code: ErrorCode | undefined;
  /** The parameter, header or body field it is about. */
  readonly field: string | undefined;
  /** What the gateway's own log has it under. */
  readonly requestId: string | undefined;
  /** Whether the same request may succeed a little later. */
  readonly mayPass: boolean;
  /** Whether the gateway may have done what it was asked, although it does not say so. */
  readonly mayHaveArrived: boolean;

  /**
   * @param address of the gateway
   * @param error what the gateway says; `undefined` when what answers is no gateway
   */
  constructor(address: string, status: number | undefined, error?: ErrorReply['error']) {
    const answer = status === undefined ? '' : ` (HTTP status ${status})`;
    super(error?.message ?? `what answers at ${address} is no Tailrace gateway${answer}`);
    this.status = status;
    this.code = error?.code;
    this.field = error?.field;
    this.requestId = error?.request_id;
    this.mayPass = RETRY_STATUS.has(status);
    this.mayHaveArrived = error === undefined || (status ?? 0) >= 500;
  }
}

/** Why a request was refused, read from the text of the reply. */
export function gatewayErrorOf(address: string, status: number, text: string): GatewayError {
  try {
    const { error } = JSON.parse(text) as Partial<ErrorReply>;
    return new GatewayError(address, status, typeof error?.message === 'string' ? error : undefined);
  } catch {
    return new GatewayError(address, status);
  }
}
