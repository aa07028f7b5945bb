import type {
  ClearProgress,
  EndpointBody,
  EndpointJson,
  EndpointName,
  EndpointPath,
  EndpointQuery,
  EndpointReply,
} from '@tailrace/api';
import type { EntryReply } from '@tailrace/schema';
import { clearProgress } from './clear.js';
import { exportLines } from './export.js';
import { GatewayError } from './gateway-error.js';
import type { QueryValue } from './query-text.js';
import { type Patience, streamEvents } from './stream.js';
import type { StreamEvent } from './stream-event.js';
import { type ClientOptions, createTransport } from './transport.js';

/** The query of an endpoint, as its entry in the table of endpoints says; what a value may be, the gateway knows and says. */
export type QueryOf<Name extends EndpointName> = {
  readonly [Parameter in keyof EndpointQuery<Name>]: QueryValue;
};

/** Filters, window and page of a search. */
export type SearchQuery = QueryOf<'GET /logs'>;

/** Filters and window of the figures. */
export type StatsQuery = QueryOf<'GET /logs/stats'>;

/** Filters of what is followed; `after` is the id of the last event seen, `tail` how many of the last matches come first. */
export type StreamQuery = QueryOf<'GET /logs/stream'>;

/** @see Client */
export interface CallOptions {
  /** Ends the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a request to an endpoint says. */
export interface Asked<Name extends EndpointName> extends CallOptions {
  /** The parameters in the path. */
  readonly path?: EndpointPath<Name>;
  readonly query?: QueryOf<Name>;
  readonly body?: EndpointBody<Name>;
  /** How long it may take, in milliseconds. @default the client's `timeoutMs` */
  readonly timeoutMs?: number;
}

/**
 * Asks one gateway. A call rejects with a {@link GatewayError} when it is refused or what answers is no gateway, and with a
 * `ConnectionError`, which is a TypeError as that of `fetch`, without an answer. Nothing is sent again by itself.
 */
export interface Client {
  /** The gateway's address, without a slash at its end. */
  readonly address: string;
  /** Any endpoint that replies one JSON value, by its name in the table of endpoints: `GET /logs/ip/{ip}`. */
  ask<Name extends EndpointName>(name: Name, asked?: Asked<Name>): Promise<EndpointJson<Name>>;

  /** One page: the newest matches, oldest to newest. */
  search(query?: SearchQuery, options?: CallOptions): Promise<EndpointReply<'GET /logs'>>;
  /** Every match, newest first, page by page as they are taken. `limit` is the size of a page. */
  searchAll(query?: SearchQuery, options?: CallOptions): AsyncGenerator<EntryReply, void>;
  /** One page of level ERROR and up, and of requests with status 400 and up. */
  errors(query?: SearchQuery, options?: CallOptions): Promise<EndpointReply<'GET /logs/errors'>>;
  /** What took longer than `threshold` milliseconds: the newest of it, or the slowest. */
  slow(query?: QueryOf<'GET /logs/slow'>, options?: CallOptions): Promise<EndpointReply<'GET /logs/slow'>>;
  /** @returns `undefined` when there is none of that id, or it has expired. */
  entry(id: string, options?: CallOptions): Promise<EntryReply | undefined>;

  stats(query?: StatsQuery, options?: CallOptions): Promise<EndpointReply<'GET /logs/stats'>>;
  events(
    query?: QueryOf<'GET /logs/events'>,
    options?: CallOptions,
  ): Promise<EndpointReply<'GET /logs/events'>>;
  top(query: QueryOf<'GET /logs/top'>, options?: CallOptions): Promise<EndpointReply<'GET /logs/top'>>;
  histogram(
    query?: QueryOf<'GET /logs/histogram'>,
    options?: CallOptions,
  ): Promise<EndpointReply<'GET /logs/histogram'>>;

  /** Response times over time. */
  times(query?: QueryOf<'GET /logs/times'>, options?: CallOptions): Promise<EndpointReply<'GET /logs/times'>>;

  /** The most frequent values of several fields. */
  facets(
    query?: QueryOf<'GET /logs/facets'>,
    options?: CallOptions,
  ): Promise<EndpointReply<'GET /logs/facets'>>;

  /** OAuth flows by `client_id` and `username`, oldest to newest. */
  oauthFlows(
    query?: QueryOf<'GET /logs/oauth-flow'>,
    options?: CallOptions,
  ): Promise<EndpointReply<'GET /logs/oauth-flow'>>;
  /** OAuth flows with a step at a client IP. */
  oauthFlowsOf(
    ip: string,
    query?: QueryOf<'GET /logs/oauth-debug/{ip}'>,
    options?: CallOptions,
  ): Promise<EndpointReply<'GET /logs/oauth-debug/{ip}'>>;
  /** The OAuth activity of a client IP, counted. */
  oauthSummary(
    ip: string,
    query?: QueryOf<'GET /logs/oauth/{ip}'>,
    options?: CallOptions,
  ): Promise<EndpointReply<'GET /logs/oauth/{ip}'>>;

  /** Every match, newest first, in one reply as it comes. Rejects with an `IncompleteExportError` that says how to go on. */
  export(query?: QueryOf<'GET /logs/export'>, options?: CallOptions): AsyncGenerator<EntryReply, void>;
  /** The same as lines: JSON objects, or with `format: 'csv'` names and values. */
  exportLines(query?: QueryOf<'GET /logs/export'>, options?: CallOptions): AsyncGenerator<string, void>;
  /**
   * What is written, as it is written. A lost connection is made again and goes on where it was, for as long as it takes;
   * the first that fails, or is refused, rejects. It ends when the signal is aborted or nobody takes more.
   */
  stream(query?: StreamQuery, options?: CallOptions & Patience): AsyncGenerator<StreamEvent, void>;

  /** Stores entries. */
  ingest(entries: EndpointBody<'POST /logs'>, options?: CallOptions): Promise<EndpointReply<'POST /logs'>>;
  /** The same for entries that are JSON already. */
  ingestJson(json: string, options?: CallOptions): Promise<EndpointReply<'POST /logs'>>;
  /** The gateway writes an entry and reads it back. */
  test(options?: CallOptions): Promise<EndpointReply<'POST /logs/test'>>;
  /**
   * Removes the entries that match, or without any filter all log data, as its progress is taken. The last progress is
   * `done` or has an `error`; what was removed stays removed.
   */
  clear(query?: QueryOf<'DELETE /logs'>, options?: CallOptions): AsyncGenerator<ClearProgress, void>;

  /** The levels set for all running writers. */
  levels(options?: CallOptions): Promise<EndpointReply<'GET /logs/levels'>>;
  /** Sets them, in place of those before. */
  setLevels(
    table: EndpointBody<'PUT /logs/levels'>,
    options?: CallOptions,
  ): Promise<EndpointReply<'PUT /logs/levels'>>;
  /** Takes them away. */
  resetLevels(options?: CallOptions): Promise<EndpointReply<'DELETE /logs/levels'>>;
  /** What became of the entries of every writer. */
  delivery(options?: CallOptions): Promise<EndpointReply<'GET /logs/delivery'>>;
  /** What logs take in Redis and in the archive; an estimate. */
  cost(options?: CallOptions): Promise<EndpointReply<'GET /logs/cost'>>;
  /** What is sealed in files, and what is not yet. */
  archive(options?: CallOptions): Promise<EndpointReply<'GET /logs/archive'>>;
  /** Compares every file with what it was sealed as; of a large archive it takes minutes. */
  verifyArchive(options?: CallOptions): Promise<EndpointReply<'GET /logs/archive/verify'>>;
  /** Whether the engine answers, also when it does not: `status` is `unavailable` then. */
  health(options?: CallOptions): Promise<EndpointReply<'GET /health'>>;
  /** Whether it should be sent requests, also when it should not. */
  ready(options?: CallOptions): Promise<EndpointReply<'GET /health/ready'>>;
  /** Figures in the text format of Prometheus. */
  metrics(options?: CallOptions): Promise<string>;
}

/** @see Client */
export function createClient(options: ClientOptions = {}): Client {
  const { address, json, open } = createTransport(options);

  const client: Client = {
    address,
    ask: (name, { path, query, body, signal, timeoutMs } = {}) =>
      json(name, {
        signal,
        timeoutMs,
        ...(path && { path }),
        ...(query && { query }),
        ...(body !== undefined && { json: JSON.stringify(body) }),
      }),
    search: (query = {}, call) => json('GET /logs', { query, ...call }),
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
    errors: (query = {}, call) => json('GET /logs/errors', { query, ...call }),
    slow: (query = {}, call) => json('GET /logs/slow', { query, ...call }),
    async entry(id, call) {
      try {
        return (await json('GET /logs/entry/{id}', { path: { id }, ...call })).entry;
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'not_found') return undefined;
        throw error;
      }
    },
    stats: (query = {}, call) => json('GET /logs/stats', { query, ...call }),
    events: (query = {}, call) => json('GET /logs/events', { query, ...call }),
    top: (query, call) => json('GET /logs/top', { query, ...call }),
    histogram: (query = {}, call) => json('GET /logs/histogram', { query, ...call }),
    times: (query = {}, call) => json('GET /logs/times', { query, ...call }),
    facets: (query = {}, call) => json('GET /logs/facets', { query, ...call }),
    oauthFlows: (query = {}, call) => json('GET /logs/oauth-flow', { query, ...call }),
    oauthFlowsOf: (ip, query = {}, call) =>
      json('GET /logs/oauth-debug/{ip}', { path: { ip }, query, ...call }),
    oauthSummary: (ip, query = {}, call) => json('GET /logs/oauth/{ip}', { path: { ip }, query, ...call }),
    async *export(query = {}, call) {
      for await (const line of client.exportLines({ ...query, format: 'ndjson' }, call)) {
        yield JSON.parse(line) as EntryReply;
      }
    },
    async *exportLines(query = {}, { signal } = {}) {
      const headers = { accept: '*/*' };
      yield* exportLines(await open('GET /logs/export', { query, headers, signal }), address, signal);
    },
    stream: (query = {}, { signal, ...patience } = {}) =>
      streamEvents(
        (headers, ending) => open('GET /logs/stream', { query, headers, signal: ending }),
        signal,
        patience,
      ),
    ingest: (entries, call) => client.ingestJson(JSON.stringify(entries), call),
    ingestJson: (text, call) => json('POST /logs', { json: text, ...call }),
    test: (call) => json('POST /logs/test', call),
    async *clear(query = {}, { signal } = {}) {
      yield* clearProgress(await open('DELETE /logs', { query, signal }), address, signal);
    },
    levels: (call) => json('GET /logs/levels', call),
    setLevels: (table, call) => json('PUT /logs/levels', { json: JSON.stringify(table), ...call }),
    resetLevels: (call) => json('DELETE /logs/levels', call),
    cost: (call) => json('GET /logs/cost', call),
    archive: (call) => json('GET /logs/archive', { ...call }),
    verifyArchive: (call) => json('GET /logs/archive/verify', { ...call }),
    delivery: (call) => json('GET /logs/delivery', call),
    health: (call) => json('GET /health', { alsoFine: 503, ...call }),
    ready: (call) => json('GET /health/ready', { alsoFine: 503, ...call }),
    async metrics(call) {
      return (await open('GET /metrics', { headers: { accept: 'text/plain' }, ...call })).text();
    },
  };
  return client;
}
