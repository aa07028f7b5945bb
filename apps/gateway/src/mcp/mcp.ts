import { createMcpHandler } from '@modelcontextprotocol/server';
import { parseBody } from '../http/body/json-body.js';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { type Answer, askGateway } from './ask-gateway.js';
import { createToolServer } from './mcp-tools.js';

/** Bytes of one call: its arguments are filters. */
const MAX_CALL_BYTES = 262_144;

/**
 * Answers `POST /mcp`: the Model Context Protocol over Streamable HTTP, without sessions. Its tools ask the endpoints that
 * everybody asks, with the token of the request, so its rights and the bounds of load hold as they do there.
 *
 * @see https://modelcontextprotocol.io/specification
 */
export function mcpHandlers({ version, report }: Pick<GatewayDeps, 'version' | 'report'>, answer: Answer) {
  return {
    'POST /mcp': ({ c, bytes = Buffer.alloc(0) }) => {
      if (bytes.length > MAX_CALL_BYTES) {
        throw new RequestError('body_too_large', `the body is too large; allowed: ${MAX_CALL_BYTES} bytes`);
      }
      const call = parseBody(bytes.toString(), 'the body');
      // One request is one call, so that what is bounded by request stays so.
      if (Array.isArray(call)) {
        throw new RequestError('invalid_body', 'the body is a batch; allowed: one message of JSON-RPC');
      }
      const handler = createMcpHandler(() => createToolServer(version, askGateway(c, answer)), {
        onerror: (error) => report(`POST /mcp: ${error.message} (request ${c.get('requestId')})`),
      });
      return handler.fetch(c.req.raw, { parsedBody: call });
    },
  } satisfies Partial<Handlers>;
}
