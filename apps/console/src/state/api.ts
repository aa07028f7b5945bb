import { type Client, createClient, GatewayError } from '@tailrace/client';

/** Where the page was opened is where the gateway is, whatever path prefix a proxy gave it. */
export const GATEWAY_URL = new URL('.', location.href).href.replace(/\/$/, '');

/** The gateway that served this page. */
export const client: Client = createClient({ url: GATEWAY_URL, timeoutMs: 30_000 });

/** An entry as the gateway replies it. */
export type Entry = Awaited<ReturnType<Client['search']>>['logs'][number];
/** What a search takes. */
export type Query = NonNullable<Parameters<Client['search']>[0]>;

/** A failed call, as the page tells it. */
export interface Trouble {
  readonly kind: 'connection' | 'rights' | 'refused';
  readonly message: string;
  /** What the gateway's own log has it under. */
  readonly requestId?: string;
}

/** @returns `undefined` for a call that the page itself gave up */
export function troubleOf(error: unknown, signal?: AbortSignal): Trouble | undefined {
  if (signal?.aborted) return undefined;
  if (error instanceof GatewayError) {
    const kind = error.status === 401 || error.status === 403 ? 'rights' : 'refused';
    return { kind, message: error.message, ...(error.requestId && { requestId: error.requestId }) };
  }
  return { kind: 'connection', message: error instanceof Error ? error.message : String(error) };
}
