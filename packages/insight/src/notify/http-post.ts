import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressCheck, checkHost, guardedLookup } from './addresses.js';
import { SendError } from './sender.js';

/** What to post, and where. */
export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly mayConnect: AddressCheck;
  readonly signal: AbortSignal;
}

/** Bytes of a reply that are read, for the error. */
const MAX_REPLY = 1_000;
const MAX_RETRY_AFTER_S = 3_600;

/**
 * Posts a body. Redirects are not followed: the address in the settings is the one that is meant.
 *
 * @throws SendError when the reply is not 2xx or the address is not allowed; what the connection throws.
 */
export async function post({ url: text, body, headers, mayConnect, signal }: Post): Promise<void> {
  const url = new URL(text);
  checkHost(url.hostname, mayConnect);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const options = {
      method: 'POST',
      headers: { 'user-agent': 'tailrace', ...headers, 'content-length': length },
      lookup: guardedLookup(mayConnect),
      agent: false,
      signal,
    };
    const sending = request(url, options, (response) => {
      const { statusCode = 0 } = response;
      let reply = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (reply.length < MAX_REPLY) reply += part.slice(0, MAX_REPLY - reply.length);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (statusCode >= 200 && statusCode < 300) return resolve();
        const after = Number(response.headers['retry-after']);
        const isWaiting = after > 0 && after <= MAX_RETRY_AFTER_S;
        reject(
          new SendError(
            `replied ${statusCode}: ${reply.slice(0, 200)}`,
            isWaiting ? after * 1_000 : undefined,
          ),
        );
      });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
