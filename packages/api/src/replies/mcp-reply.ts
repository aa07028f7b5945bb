import { z } from 'zod';

/** What `POST /mcp` replies: a message of JSON-RPC, as the protocol says. */
export const mcpReplySchema = z.looseObject({ jsonrpc: z.literal('2.0') });
