import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ResolvedOtlpOptions } from './otlp-options.js';

/** What a receiver answered. */
export interface OtlpAnswer {
  readonly status: number;
  /** The first bytes of what it said. */
  readonly body: Buffer;
  readonly retryAfter: string | undefined;
}

/** Posts bodies to one receiver. */
export interface OtlpPost {
  /** @throws when it cannot be reached, or has not answered in time. */
  post(body: Buffer): Promise<OtlpAnswer>;
  close(): void;
}

/** Bytes of an answer that are read. */
const MAX_ANSWER_BYTES = 65_536;
const compress = promisify(gzip);

/** @see OtlpPost */
export function createOtlpPost(options: ResolvedOtlpOptions): OtlpPost {
  const { url, headers, compression, timeoutMs } = options;
  const isSecure = url.protocol === 'https:';
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
  return {
    async post(plain) {
      const body = compression === 'gzip' ? await compress(plain) : plain;
      return new Promise<OtlpAnswer>((resolve, reject) => {
        const request = (isSecure ? requestHttps : requestHttp)(
          url,
          {
            method: 'POST',
            agent,
            headers: {
              ...headers,
              'content-type': 'application/x-protobuf',
              'content-length': body.length,
              ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
            },
          },
          (answer) => readAnswer(answer).then(resolve, reject),
        );
        const timer = setTimeout(() => {
          request.destroy(new Error(`no answer within ${timeoutMs} ms`));
        }, timeoutMs);
        request.on('close', () => clearTimeout(timer));
        request.on('error', reject);
        request.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

async function readAnswer(answer: IncomingMessage): Promise<OtlpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    // The rest says nothing that counts; its connection goes.
    if (size >= MAX_ANSWER_BYTES) break;
  }
  return {
    status: answer.statusCode ?? 0,
    body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES),
    retryAfter: answer.headers['retry-after'],
  };
}
