import type { Exchange, RequestLog } from './request-log.js';

/** A request and its response as the Fetch standard has them, where there is no Node server below. */
export class WebExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly peer: string | undefined;
  readonly route: () => string | undefined;
  readonly #request: Request;
  readonly #responseOf: () => Response;

  constructor(
    request: Request,
    responseOf: () => Response,
    peer: string | undefined,
    route: () => string | undefined,
  ) {
    const { pathname, search, host } = new URL(request.url);
    this.method = request.method;
    this.path = pathname + search;
    this.host = request.headers.get('host') ?? host;
    this.peer = peer;
    this.route = route;
    this.#request = request;
    this.#responseOf = responseOf;
  }

  requestHeader(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }

  responseHeader(name: string): string | undefined {
    return this.#responseOf().headers.get(name) ?? undefined;
  }
}

/**
 * Writes the entry when the response's body has ended, or at once when it has none. Bytes received are those the
 * request announces.
 *
 * @returns the response to answer with in place of the given one.
 */
export function followWeb<R>(log: RequestLog<R>, request: Request, response: Response): Response {
  log.bytesReceived = Number(request.headers.get('content-length') ?? 0) || 0;
  if (response.body === null || request.method === 'HEAD' || !canBeCopied(response)) {
    log.end(response.status, 'complete');
    return response;
  }
  return new Response(counted(log, response.status, response.body), response);
}

/** One that is read already, or has a status no one can make, stays as it is. */
function canBeCopied({ bodyUsed, body, status }: Response): boolean {
  return !bodyUsed && body?.locked === false && status >= 200 && status <= 599;
}

function counted<R>(
  log: RequestLog<R>,
  status: number,
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          log.sent(value);
          controller.enqueue(value);
          return;
        }
        controller.close();
        log.end(status, 'complete');
      } catch (error) {
        controller.error(error);
        log.failed(error);
        log.end(status, 'failed');
      }
    },
    async cancel(reason) {
      log.end(status, 'aborted');
      await reader.cancel(reason);
    },
  });
}
