import type { EndpointBody, EndpointName, EndpointQuery, EndpointReply } from '@tailrace/api';
import type { EntryReply } from '@tailrace/schema';
import { GatewayError, gatewayErrorOf } from './gateway-error.js';
import { type QueryValue, queryText } from './query-text.js';
import { type StreamEvent, type StreamQuery, streamEvents } from './stream.js';

/** The query of an endpoint, as its entry in the table of endpoints says; what a value may be, the gateway knows and says. */
export type QueryOf<Name extends EndpointName> = {
  readonly [Parameter in keyof EndpointQuery<Name>]: QueryValue;
};

/** Filters, window and page of a search. */
export type SearchQuery = QueryOf<'GET /logs'>;

/** Filters and window of the figures. */
export type StatsQuery = QueryOf<'GET /logs/stats'>;

/** Where the gateway is, and who asks. */
export interface ClientOptions {
  /** @default http://127.0.0.1:4680 */
  readonly url?: string;
  /** Sent as bearer token. */
  readonly token?: string | undefined;
  /** @default the global fetch */
  readonly fetch?: typeof fetch;
}

/** @see Client */
export interface CallOptions {
  /** Ends the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Asks one gateway. A call rejects with a {@link GatewayError} when it is refused, and as `fetch` does without an answer. */
export interface Client {
  /** One page: the newest matches, oldest to newest. */
  search(query?: SearchQuery, options?: CallOptions): Promise<EndpointReply<'GET /logs'>>;
  /** Every match, newest first, page by page as they are taken. `limit` is the size of a page. */
  searchAll(query?: SearchQuery, options?: CallOptions): AsyncGenerator<EntryReply, void>;
  /** @returns `undefined` when there is none of that id, or it has expired. */
  entry(id: string, options?: CallOptions): Promise<EntryReply | undefined>;
  stats(query?: StatsQuery, options?: CallOptions): Promise<EndpointReply<'GET /logs/stats'>>;
  /**
   * What is written, as it is written. A lost connection is made again and goes on where it was, for as long as it takes;
   * the first that fails, or is refused, rejects. It ends when the signal is aborted or nobody takes more.
   */
  stream(query?: StreamQuery, options?: CallOptions): AsyncGenerator<StreamEvent, void>;
  /** Stores entries; it is not sent again by itself, as a part may be stored. */
  ingest(entries: EndpointBody<'POST /logs'>, options?: CallOptions): Promise<EndpointReply<'POST /logs'>>;
}

const DEFAULT_URL = 'http://127.0.0.1:4680';

/** @see Client */
export function createClient(options: ClientOptions = {}): Client {
  const { url = DEFAULT_URL, token, fetch: send = fetch } = options;
  const base = url.replace(/\/$/, '');
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  const client: Client = {
    search: (query = {}, call) => read(`/logs${queryText(query)}`, call),
    async *searchAll(query = {}, call) {
      // Without a fixed end, what is written meanwhile would move the window from page to page.
      let page: SearchQuery = { ...query, to: query.to ?? new Date() };
      for (;;) {
        const { logs, next_cursor } = await client.search(page, call);
        yield* logs.reverse();
        if (next_cursor === null) return;
        page = { ...page, cursor: next_cursor };
      }
    },
    async entry(id, call) {
      try {
        const path = `/logs/entry/${encodeURIComponent(id)}`;
        return (await read<EndpointReply<'GET /logs/entry/{id}'>>(path, call)).entry;
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'not_found') return undefined;
        throw error;
      }
    },
    stats: (query = {}, call) => read(`/logs/stats${queryText(query)}`, call),
    stream: (query = {}, { signal } = {}) =>
      streamEvents(
        (headers, ending) => open(`/logs/stream${queryText(query)}`, { headers, signal: ending }),
        signal,
      ),
    ingest: (entries, call) => {
      const headers = { 'content-type': 'application/json' };
      return read('/logs', call, { method: 'POST', headers, body: JSON.stringify(entries) });
    },
  };
  return client;

  async function read<T>(path: string, { signal }: CallOptions = {}, init: RequestInit = {}): Promise<T> {
    const response = await open(path, { ...init, ...(signal && { signal }) });
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (error instanceof SyntaxError) throw new GatewayError(response.status);
      throw error;
    }
  }

  async function open(path: string, init: RequestInit): Promise<Response> {
    const response = await send(base + path, { ...init, headers: { ...authorization, ...init.headers } });
    if (!response.ok) throw await gatewayErrorOf(response);
    return response;
  }
}
