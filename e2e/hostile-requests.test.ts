import { Agent, request } from 'node:http';
import { ERROR_CODES, errorReplySchema } from '@tailrace/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { type ApiDocument, type HostileRequest, hostileRequests } from './testing/hostile-requests.js';
import { createRandom } from './testing/random.js';
import { printedSeed, seriesLength } from './testing/series.js';

const REQUESTS = seriesLength(200_000);
const AT_ONCE = 16;
/** What a reply that is read to its end may have. */
const MAX_READ = 256 * 1024;

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

describe('requests at random to every operation', () => {
  let gateway: GatewayProcess;
  beforeAll(async () => {
    gateway = await startGatewayProcess();
  });
  afterAll(() => gateway?.stop());

  test('are answered, or refused with a reason: no fault, and nothing of its insides', async () => {
    const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as ApiDocument;
    const next = hostileRequests(document, createRandom(printedSeed('hostile requests')));
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const wrong: string[] = [];
    const statuses = new Map<number, number>();
    let left = REQUESTS;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0) {
          const asked = next();
          const reply = await send(gateway.url, asked, agent);
          statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
          const fault = faultOf(reply, asked);
          if (fault !== undefined) wrong.push(`${fault}: ${JSON.stringify(asked).slice(0, 500)}`);
        }
      }),
    );
    agent.destroy();
    expect(wrong.slice(0, 10)).toEqual([]);
    // The mix is hostile and not only noise: a good part is understood, a good part is refused.
    expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 20);
    expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 20);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  }, 1_200_000);
});

function faultOf({ status, type, text }: Reply, { method, path }: HostileRequest): string | undefined {
  if (status >= 500) return `status ${status} ${text.slice(0, 200)}`;
  if (/\bat .+\.(js|ts):\d+|node_modules|file:\/\//.test(text)) return 'a stack or a path';
  if (status < 400 || method === 'HEAD' || text === '') return undefined;
  if (!type.startsWith('application/json')) return `an error as ${type}`;
  if (isStatusOfOtlp(path, JSON.parse(text)) || isErrorOfMcp(path, JSON.parse(text))) return undefined;
  const parsed = errorReplySchema.safeParse(JSON.parse(text));
  if (!parsed.success) return `an error of another shape: ${text.slice(0, 200)}`;
  return parsed.data.error.code in ERROR_CODES ? undefined : `unknown code ${parsed.data.error.code}`;
}

/** OTLP wants a google.rpc.Status for the error of its endpoint. */
function isStatusOfOtlp(path: string, { code, message }: { code?: unknown; message?: unknown }): boolean {
  return (
    /^\/v1\/logs(?:\?|$)/.test(path) &&
    Number.isInteger(code) &&
    typeof message === 'string' &&
    message !== ''
  );
}

/** MCP wants an error of JSON-RPC 2.0. */
function isErrorOfMcp(path: string, { jsonrpc, error }: { jsonrpc?: unknown; error?: unknown }): boolean {
  const { code, message } = (error ?? {}) as Record<string, unknown>;
  return (
    /^\/mcp(?:\?|$)/.test(path) && jsonrpc === '2.0' && Number.isInteger(code) && typeof message === 'string'
  );
}

/** Reads what comes, and hangs up on what does not end. */
function send(url: string, { method, path, headers, body }: HostileRequest, agent: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/`, { method, path, headers, agent }, (response) => {
      let text = '';
      const done = () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text });
      };
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        call.destroy();
        done();
        return;
      }
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MAX_READ) {
          call.destroy();
          done();
        }
      });
      response.on('end', done);
      response.on('error', done);
    });
    // A kept connection may be closed by the server just as it is used again (RFC 9112, section 9.3.1).
    call.on('error', (error) => {
      if (call.reusedSocket) resolve(send(url, { method, path, headers, body }, new Agent()));
      else reject(new Error(`${method} ${path.slice(0, 200)} ${JSON.stringify(headers)}`, { cause: error }));
    });
    call.end(body);
  });
}
