import { AsyncResource } from 'node:async_hooks';
import { FIELD_BYTES, LETTER_BYTES, readMember, setOwn } from '@tailrace/writer';
import { activeSpan } from '../call/active-span.js';
import { activeContext, joinContexts, type LogContext, runInContext } from '../call/context.js';
import { parseTraceparent, type TraceIds } from '../call/trace-context.js';
import { log_request } from '../log-functions.js';
import { BodySample } from './body-sample.js';
import { clientAddress } from './client-address.js';
import type { MiddlewareSettings, RequestEnd } from './middleware-options.js';
import { hostnameOf } from './request-hostname.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';

/** A request and its response, as a server has them. */
export interface Exchange {
  readonly method: string;
  /** With the query, as the client asked for it. */
  readonly path: string;
  /** `Host`, or `:authority`. */
  readonly host: string | undefined;
  /** The address of whoever holds the other end of the connection. */
  readonly peer: string | undefined;
  /** @param name in lower case */
  requestHeader(name: string): string | undefined;
  /** @param name in lower case */
  responseHeader(name: string): string | undefined;
  /** The pattern of the route that answered; asked for when the request is over. */
  route(): string | undefined;
}

/** How a request ended: answered in full, left by its client, ended by a time limit of the server, or by an error in its response. */
export type Ending = 'complete' | 'aborted' | 'timed_out' | 'failed';

/** https://www.w3.org/TR/trace-context/ */
const TRACEPARENT_HEADER = 'traceparent';
const EVENT_STREAM = /^text\/event-stream\b/i;
/** Code units of a captured header. */
const MAX_HEADER_LENGTH = 1_024;

/** Fields of an entry while they are put together. */
type Fields = Record<string, unknown>;

interface Parts<Request> {
  readonly exchange: Exchange;
  readonly request: Request;
}

/** One request, from its first byte to its entry. Nothing in here throws, but what the handler throws in {@link RequestLog.run}. */
export class RequestLog<Request> {
  /** The id the request came with, or a new one. */
  readonly id: string;
  /** What went wrong; logged when the answer is a 5xx or there is none. The first counts. */
  error: unknown;
  bytesReceived = 0;
  bytesSent = 0;
  readonly #settings: MiddlewareSettings<Request>;
  /** Given up with the entry: who still holds the response then does not hold all that belongs to its request. */
  #parts: Parts<Request> | undefined;
  readonly #startedAt = performance.now();
  readonly #client: string | undefined;
  readonly #hostname: string | undefined;
  /** The server's own span, when there is OpenTelemetry; then every call finds its own. */
  readonly #span = activeSpan();
  /** The caller's, when there is not. */
  readonly #caller: TraceIds | undefined;
  readonly #requestBody: BodySample | undefined;
  readonly #responseBody: BodySample | undefined;
  readonly #context: LogContext | undefined;
  /** Keeps the span active too. Without one, our own context is enough, and costs less. */
  readonly #scope = this.#span && new AsyncResource('TailraceRequest');

  /**
   * @param request what the options' functions are called with
   * @param givenId an id the framework has for the request already
   */
  constructor(settings: MiddlewareSettings<Request>, exchange: Exchange, request: Request, givenId?: string) {
    this.#settings = settings;
    this.#parts = { exchange, request };
    this.id = requestIdOf(givenId ?? exchange.requestHeader(REQUEST_ID_HEADER));
    this.#client = clientOf(exchange, settings);
    this.#hostname = hostnameAnswered(exchange, settings);
    if (this.#span === undefined) {
      this.#caller = parseTraceparent(exchange.requestHeader(TRACEPARENT_HEADER));
    }
    if (settings.capturesRequestBody) this.#requestBody = new BodySample(settings.maxBodyBytes);
    if (settings.capturesResponseBody) this.#responseBody = new BodySample(settings.maxBodyBytes);
    const fields = contextFields(this.id, this.#client, this.#hostname, this.#caller);
    this.#context = joinContexts(activeContext(), { fields, bytes: bytesOfTexts(fields), truncated: false });
  }

  /**
   * Runs the handler, and whatever comes in the context of the connection or of another request: what is logged inside
   * carries the request's ids, client and host name.
   */
  run<Result>(run: () => Result): Result {
    if (this.#scope === undefined) return runInContext(this.#context, run);
    return this.#scope.runInAsyncScope(() => runInContext(this.#context, run));
  }

  /** A piece of the request's body that came. */
  received(chunk: unknown, encoding?: unknown): void {
    this.bytesReceived += sizeOf(chunk, encoding);
    if (this.#requestBody !== undefined) this.#requestBody.add(bytesOf(chunk, encoding));
  }

  /** A piece of the response's body that was given to the connection. */
  sent(chunk: unknown, encoding?: unknown): void {
    this.bytesSent += sizeOf(chunk, encoding);
    if (this.#responseBody !== undefined) this.#responseBody.add(bytesOf(chunk, encoding));
  }

  failed(error: unknown): void {
    this.error ??= error;
  }

  /**
   * Writes the entry; the first call counts.
   *
   * @param status what was answered; `undefined` when nothing was.
   */
  end(status: number | undefined, ending: Ending): void {
    const parts = this.#parts;
    if (parts === undefined) return;
    this.#parts = undefined;
    try {
      this.run(() => this.#write(parts, status ?? STATUS_WITHOUT_ANSWER[ending], ending));
    } catch {
      // A request must not fail for its log.
    }
  }

  #write({ exchange, request }: Parts<Request>, status: number, ending: Ending): void {
    const durationMs = performance.now() - this.#startedAt;
    const isSlow = durationMs >= this.#settings.slowMs;
    const outcome = ending === 'complete' || isEventStream(exchange) ? undefined : 'failure';
    const isOrdinary = status < 400 && outcome === undefined && !isSlow;
    if (this.#isSkipped(request, { status_code: status, response_time_ms: durationMs, outcome }, isOrdinary))
      return;
    const fields = this.#fields(exchange, status, durationMs);
    if (ending === 'aborted' || ending === 'timed_out') fields[ending] = true;
    if (outcome !== undefined) fields.outcome = outcome;
    if (isSlow && status < 400) fields.level = 'WARNING';
    if (status >= 500 || ending !== 'complete') fields.error = this.error;
    this.#addCaptured(fields, exchange);
    this.#addOwn(fields, request);
    // Without an address or a name the entry has none; the logger takes `undefined` for that.
    log_request(exchange.method, exchange.path, this.#client as string, this.#hostname as string, fields);
  }

  #isSkipped(request: Request, end: RequestEnd, isOrdinary: boolean): boolean {
    const { sample, skip } = this.#settings;
    if (isOrdinary && sample < 1 && Math.random() >= sample) return true;
    if (skip === undefined) return false;
    try {
      return skip(request, end) === true;
    } catch {
      return false;
    }
  }

  /** Its ids are in the context already. */
  #fields(exchange: Exchange, status: number, durationMs: number): Fields {
    const hasBody = exchange.method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
    const fields: Fields = {
      status_code: status,
      response_time_ms: durationMs,
      bytes_sent: hasBody ? this.bytesSent : 0,
      user_agent: exchange.requestHeader('user-agent'),
      referrer: exchange.requestHeader('referer'),
      route: exchange.route(),
      trace_id: this.#span?.trace_id,
      span_id: this.#span?.span_id,
    };
    if (this.bytesReceived > 0) fields.bytes_received = this.bytesReceived;
    if (this.#client !== undefined && this.#settings.reverseDns !== undefined) {
      fields.client_hostname = this.#settings.reverseDns.nameOf(this.#client);
    }
    return fields;
  }

  #addCaptured(fields: Fields, exchange: Exchange): void {
    const { captureHeaders } = this.#settings;
    if (captureHeaders.length > 0) {
      fields.request_headers = captured(captureHeaders, (name) => exchange.requestHeader(name));
      fields.response_headers = captured(captureHeaders, (name) => exchange.responseHeader(name));
    }
    const request = this.#requestBody?.value(
      exchange.requestHeader('content-type'),
      exchange.requestHeader('content-encoding'),
    );
    if (request !== undefined) fields.request_body = request;
    const response = this.#responseBody?.value(
      exchange.responseHeader('content-type'),
      exchange.responseHeader('content-encoding'),
    );
    if (response !== undefined) fields.response_body = response;
  }

  #addOwn(fields: Fields, request: Request): void {
    if (this.#settings.fields === undefined) return;
    try {
      const own: unknown = this.#settings.fields(request);
      // An async function is none that is waited for; what it rejects with must not end the process.
      if (own instanceof Promise) own.catch(() => undefined);
      else for (const [name, value] of Object.entries(own ?? {})) setOwn(fields, name, value);
    } catch (error) {
      const message = readMember(error, 'message') ?? error;
      fields.fields_error = typeof message === 'string' ? message : 'it throws what is no Error';
    }
  }
}

/** What is logged for a request that was not answered. nginx has 499 for a client that left; no standard has a number. */
const STATUS_WITHOUT_ANSWER: Readonly<Record<Ending, number>> = {
  complete: 500,
  failed: 500,
  aborted: 499,
  timed_out: 504,
};

/** It has no other end than that its client leaves. */
function isEventStream(exchange: Exchange): boolean {
  return EVENT_STREAM.test(exchange.responseHeader('content-type') ?? '');
}

/** Without names for what is not there: who asks for the context sees them. */
function contextFields(
  request_id: string,
  client_ip: string | undefined,
  proxy_hostname: string | undefined,
  caller: TraceIds | undefined,
): Readonly<Record<string, string>> {
  const fields: Record<string, string> = { request_id };
  if (client_ip !== undefined) fields.client_ip = client_ip;
  if (proxy_hostname !== undefined) fields.proxy_hostname = proxy_hostname;
  if (caller !== undefined) {
    fields.trace_id = caller.trace_id;
    fields.span_id = caller.span_id;
  }
  return fields;
}

function bytesOfTexts(fields: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in fields) bytes += FIELD_BYTES + (fields[name] as string).length * LETTER_BYTES;
  return bytes;
}

/** Without an address when it cannot be read: a request must not fail for its log. */
function clientOf(exchange: Exchange, settings: MiddlewareSettings<never>): string | undefined {
  try {
    const client = addressOf(exchange, settings);
    if (client !== undefined) settings.reverseDns?.nameOf(client);
    return client;
  } catch {
    return undefined;
  }
}

function addressOf(exchange: Exchange, settings: MiddlewareSettings<never>): string | undefined {
  const { trustedProxies, forwardedHeader, anonymise } = settings;
  const forwarded = trustedProxies && exchange.requestHeader(forwardedHeader);
  const client = clientAddress(exchange.peer, forwarded, forwardedHeader, trustedProxies);
  return client === undefined || anonymise === undefined ? client : anonymise(client);
}

function hostnameAnswered(exchange: Exchange, { hostnames }: MiddlewareSettings<never>): string | undefined {
  const hostname = hostnameOf(exchange.host);
  return hostname === undefined || hostnames?.has(hostname) === false ? undefined : hostname;
}

function captured(
  names: readonly string[],
  header: (name: string) => string | undefined,
): Fields | undefined {
  const headers: Fields = {};
  for (const name of names) {
    const value = header(name);
    if (value !== undefined) setOwn(headers, name, value.slice(0, MAX_HEADER_LENGTH));
  }
  return Object.keys(headers).length === 0 ? undefined : headers;
}

function sizeOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, encodingOf(encoding));
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0;
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  return typeof chunk === 'string' ? Buffer.from(chunk, encodingOf(encoding)) : EMPTY;
}

const EMPTY = new Uint8Array();

/** Node takes a callback in its place, and `utf8` for nothing. */
function encodingOf(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
}
