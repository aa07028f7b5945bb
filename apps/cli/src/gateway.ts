import { errorReplySchema } from '@tailrace/api';
import { z } from 'zod';
import { GatewayError } from './gateway-error.js';

/** Query parameters; `undefined` and empty values are left out, so an empty argument means the default. A list is given as often as it has values. */
export type QueryParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One gateway, spoken to over HTTP. Every method throws {@link GatewayError}. */
export interface Gateway {
  /** The address without any secrets, for messages. */
  readonly address: string;
  /** `reply` checks that the answer is a gateway's; fields it does not know are kept. */
  get<T>(path: string, query: QueryParameters, reply: z.ZodType<T>): Promise<T>;
  /** @param json the body, already JSON */
  post<T>(path: string, json: string, reply: z.ZodType<T>): Promise<T>;
  /** @param json the body, already JSON */
  put<T>(path: string, json: string, reply: z.ZodType<T>): Promise<T>;
  /** Sends DELETE; the reply may take as long as it does. */
  remove(path: string, query: QueryParameters): Promise<Response>;
  /** Opens an endless reply, such as Server-Sent Events. */
  open(
    path: string,
    query: QueryParameters,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response>;
}

/** Of an error reply only what is shown, so that a newer gateway's codes are understood too. */
const refusalSchema = z.object({ error: errorReplySchema.shape.error.pick({ message: true, field: true }) });

const JSON_BODY = { 'content-type': 'application/json' };
/** A reply that takes longer is given up. */
const REPLY_TIMEOUT_MS = 60_000;

/** @param base an address without credentials, query and fragment */
export function createGateway(base: URL, token: string | undefined): Gateway {
  const address = base.href.replace(/\/$/, '');
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  return {
    address,
    async get(path, query, reply) {
      return readReply(await send(path, query, {}), reply);
    },
    async post(path, json, reply) {
      return readReply(await send(path, {}, { method: 'POST', body: json, headers: JSON_BODY }), reply);
    },
    async put(path, json, reply) {
      return readReply(await send(path, {}, { method: 'PUT', body: json, headers: JSON_BODY }), reply);
    },
    remove(path, query) {
      return send(path, query, { method: 'DELETE', signal: null });
    },
    open(path, query, headers, signal) {
      return send(path, query, { headers, signal });
    },
  };

  async function send(path: string, query: QueryParameters, init: RequestInit): Promise<Response> {
    const url = `${address}${path}${queryString(query)}`;
    const headers = { accept: 'application/json', ...authorization, ...init.headers };
    let response: Response;
    try {
      response = await fetch(url, { signal: AbortSignal.timeout(REPLY_TIMEOUT_MS), ...init, headers });
    } catch (error) {
      throw GatewayError.unreachable(address, error);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async function readReply<T>(response: Response, reply: z.ZodType<T>): Promise<T> {
    const body = await readJson(response);
    if (!reply.safeParse(body).success) throw GatewayError.foreign(address);
    return body as T;
  }

  async function refusal(response: Response): Promise<GatewayError> {
    const parsed = refusalSchema.safeParse(await readJson(response));
    return parsed.success
      ? GatewayError.refused(response.status, parsed.data.error)
      : GatewayError.foreign(address, response.status);
  }

  async function readJson(response: Response): Promise<unknown> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw GatewayError.unreachable(address, error);
    }
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
}

function queryString(query: QueryParameters): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value ?? []].flat().map((text): [string, string] => [name, text]),
  );
  const set = given.filter(([, text]) => text !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`;
}
