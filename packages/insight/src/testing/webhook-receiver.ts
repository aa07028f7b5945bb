import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request a receiver got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether it replied 2xx. */
  readonly isTaken: boolean;
  /** Whether the signature is that of the secret; `undefined` when there is none. */
  readonly isSigned: boolean | undefined;
}

/** A real receiver of webhooks. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
}

/**
 * Starts one on a free port. It works out signatures by itself, as Standard Webhooks says.
 *
 * @param mayTake decides whether a request is taken, replied 500, or cut off without a reply
 */
export async function startWebhookReceiver({
  secret = '',
  mayTake = () => 'take',
}: {
  readonly secret?: string;
  readonly mayTake?: () => 'take' | 'fail' | 'cut';
} = {}): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = String(Buffer.concat(chunks));
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = request.headers;
    const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
    const expected = `v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`;
    const outcome = mayTake();
    received.push({
      path: request.url ?? '',
      headers: request.headers,
      body,
      isTaken: outcome === 'take',
      isSigned: signature === undefined ? undefined : signature === expected,
    });
    if (outcome === 'cut') request.socket.destroy();
    else response.writeHead(outcome === 'take' ? 204 : 500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
