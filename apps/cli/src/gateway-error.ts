import { CliError } from './cli-error.js';
import { INSTALLATION } from './installation.js';
import { printable } from './print/printable.js';

/** Codes of connections that were never made: what was to be sent has not arrived. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const RETRY_STATUS = new Set([429, 502, 503, 504]);

interface Traits {
  readonly status?: number | undefined;
  readonly mayPass: boolean;
  readonly mayHaveArrived: boolean;
  readonly cause?: unknown;
}

/** What went wrong between this program and the gateway, as one line for the user. */
export class GatewayError extends CliError {
  /** HTTP status of the reply, if there was one. */
  readonly status: number | undefined;
  /** Whether the same request may succeed a little later. */
  readonly mayPass: boolean;
  /** Whether the gateway may have done what it was asked, although no reply says so. */
  readonly mayHaveArrived: boolean;

  private constructor(message: string, { status, mayPass, mayHaveArrived, cause }: Traits) {
    super(message, { cause });
    this.name = 'GatewayError';
    this.status = status;
    this.mayPass = mayPass;
    this.mayHaveArrived = mayHaveArrived;
  }

  /** No connection, a lost one, or no reply in time. */
  static unreachable(address: string, cause: unknown): GatewayError {
    const reason = reasonOf(cause);
    if (reason.startsWith('HPE_')) return GatewayError.foreign(address);
    const detail = reason === 'ECONNREFUSED' ? '' : ` (${printable(reason)})`;
    const message =
      reason === 'TimeoutError'
        ? `the gateway at ${address} does not reply`
        : `no gateway answers at ${address}${detail}; start one with: ${INSTALLATION.serve}`;
    return new GatewayError(message, { mayPass: true, mayHaveArrived: !NEVER_CONNECTED.has(reason), cause });
  }

  /** An error reply of the gateway: its own words, with the field they are about. */
  static refused(
    status: number,
    { message, field }: { message: string; field?: string | undefined },
  ): GatewayError {
    const named = field === undefined || message.includes(field) ? message : `${field}: ${message}`;
    const hint = status === 401 ? ' (set TAILRACE_TOKEN or give --token)' : '';
    const traits = { status, mayPass: RETRY_STATUS.has(status), mayHaveArrived: status >= 500 };
    return new GatewayError(`${printable(named)}${hint}`, traits);
  }

  /** Something answers that is no gateway, or none of this version. */
  static foreign(address: string, status?: number): GatewayError {
    const answer = status === undefined ? '' : ` (HTTP status ${status})`;
    const message = `what answers at ${address} is no Tailrace gateway${answer}; set TAILRACE_URL or give --url`;
    const mayPass = status !== undefined && RETRY_STATUS.has(status);
    return new GatewayError(message, { status, mayPass, mayHaveArrived: true });
  }
}

/** `fetch` says only "fetch failed"; what happened stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return error.name;
  const cause = error.cause ?? error;
  if (!(cause instanceof Error)) return error.message;
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
