import { parseExactJson } from '@tailrace/intake';
import { RequestError } from '../errors/request-error.js';
import type { HeldBody } from './held-bodies.js';
import { createJsonScan } from './json-scan.js';
import { requireJson } from './media-type.js';

/**
 * Reads a JSON body. Integers past 2^53 become texts with all their digits.
 *
 * @throws RequestError when it is not announced as JSON, goes past a bound (found out without reading it all), or is not
 * JSON.
 */
export async function readJsonBody(request: Request, held: HeldBody): Promise<unknown> {
  requireJson(request);
  return parseBody((await held.read(request, createJsonScan())).toString(), 'the body');
}

/**
 * Parses a JSON text of a body.
 *
 * @param what names the text: "the body", "line 3"
 * @throws RequestError when it is no JSON.
 */
export function parseBody(text: string, what: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    const reason = (error as Error).message.replace(/[^ -~]/g, '?');
    throw new RequestError('invalid_body', `${what} is no JSON: ${reason}`);
  }
}
