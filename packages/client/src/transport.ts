import type { EndpointJson, EndpointName } from '@tailrace/api';
import { ConnectionError, reasonOf } from './connection-error.js';
import { GatewayError, gatewayErrorOf } from './gateway-error.js';
import { type QueryValue, queryText } from './query-text.js';

/** Where the gateway is, and who asks. */
export interface ClientOptions {
  /** @default http://127.0.0.1:4680 */
  readonly url?: string;
  /** Sent as bearer token. */
  readonly token?: string | undefined;
  /** @default the global fetch */
  readonly fetch?: typeof fetch;
  /** A reply of one JSON value that takes longer is given up. @default 60000 */
  readonly timeoutMs?: number;
  /**
   * Whether this is a reply of that endpoint; a call whose reply is not rejects, as what answers is no gateway. The schemas of
   * `@tailrace/api` can tell; they are not loaded here. @default any JSON is
   */
  readonly isReply?: (name: EndpointName, reply: unknown) => boolean;
}

/** One request. */
export interface Request {
  /** The parameters in the path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** The body, already JSON. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** How long this one may take, in milliseconds. @default the client's `timeoutMs` */
  readonly timeoutMs?: number | undefined;
  /** A status that is no error although it is not 2xx. */
  readonly alsoFine?: number;
}

/** Requests to one gateway, by the names of its endpoints. */
export interface Transport {
  /** The gateway's address, without a slash at its end. */
  readonly address: string;
  /** A reply that is one JSON value. */
  json<Name extends EndpointName>(name: Name, request?: Request): Promise<EndpointJson<Name>>;
  /** A reply as it comes, which may take as long as it does. */
  open(name: EndpointName, request?: Request): Promise<Response>;
}

const DEFAULT_URL = 'http://127.0.0.1:4680';
const DEFAULT_TIMEOUT_MS = 60_000;

/** @see Transport */
export function createTransport({
  url = DEFAULT_URL,
  token,
  fetch: send = fetch,
  timeoutMs = DEFAULT_TIMEOUT_MS,
  isReply = () => true,
}: ClientOptions): Transport {
  const address = url.replace(/\/$/, '');
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  return { address, json, open };

  async function json<Name extends EndpointName>(
    name: Name,
    request: Request = {},
  ): Promise<EndpointJson<Name>> {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? timeoutMs);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
    const response = await respond(name, request, signal);
    const reply = parseJson(await failingAs(request.signal, () => response.text()));
    if (reply === undefined || !isReply(name, reply)) throw new GatewayError(address, response.status);
    return reply as EndpointJson<Name>;
  }

  function open(name: EndpointName, request: Request = {}): Promise<Response> {
    return respond(name, request, request.signal);
  }

  async function respond(
    name: EndpointName,
    request: Request,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { path = {}, query = {}, json: body, headers, alsoFine } = request;
    const [method = '', template = ''] = name.split(' ');
    const target = template.replace(/\{(\w+)\}/g, (_, parameter) => pathPart(parameter, path[parameter]));
    const response = await failingAs(request.signal, () =>
      send(address + target + queryText(query), {
        method,
        headers: {
          accept: 'application/json',
          ...authorization,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body }),
        ...(signal !== undefined && { signal }),
      }),
    );
    if (response.ok || response.status === alsoFine) return response;
    const text = await failingAs(request.signal, () => response.text());
    throw gatewayErrorOf(address, response.status, text);
  }

  /** The caller's own wish to end stays as it is; all else that ends a request is told as what it is. */
  async function failingAs<T>(wish: AbortSignal | undefined, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (wish?.aborted) throw error;
      // Codes of Node's HTTP parser: something answers, and not in HTTP.
      throw reasonOf(error).startsWith('HPE_')
        ? new GatewayError(address, undefined)
        : new ConnectionError(address, error);
    }
  }
}

/** `.` and `..` would not survive the parsing of the URL. */
function pathPart(name: string, value = ''): string {
  if (/^\.{0,2}$/.test(value))
    throw new RangeError(`${name} is "${value}"; allowed: all but "", "." and ".."`);
  return encodeURIComponent(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
