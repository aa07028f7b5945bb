/** Codes of connections that were never made: what was to be sent has not arrived. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** No connection to the gateway, a lost one, or no reply in time. `cause` is what `fetch` said. */
export class ConnectionError extends TypeError {
  override readonly name: string = 'ConnectionError';
  /** Node's code of it (`ECONNREFUSED`), `TimeoutError`, or what `fetch` says. */
  readonly reason: string;
  /** Whether the same request may succeed a little later. */
  readonly mayPass = true;
  /** Whether the gateway may have done what it was asked, although no reply says so. */
  readonly mayHaveArrived: boolean;

  /** @param address of the gateway */
  constructor(address: string, cause: unknown) {
    const reason = reasonOf(cause);
    super(messageOf(address, reason), { cause });
    this.reason = reason;
    this.mayHaveArrived = !NEVER_CONNECTED.has(reason);
  }
}

/** `fetch` says only "fetch failed" in Node; what happened stands in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return error.name;
  const cause = error.cause ?? error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

function messageOf(address: string, reason: string): string {
  if (reason === 'TimeoutError') return `the gateway at ${address} does not reply`;
  return `no gateway answers at ${address}${reason === 'ECONNREFUSED' ? '' : ` (${reason})`}`;
}
