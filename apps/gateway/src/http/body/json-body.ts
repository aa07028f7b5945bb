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
  const text = (await held.read(request, createJsonScan())).toString();
  try {
    return parseExactJson(text);
  } catch (error) {
    const reason = (error as Error).message.replace(/[^ -~]/g, '?');
    throw new RequestError('invalid_body', `the body is no JSON: ${reason}`);
  }
}
