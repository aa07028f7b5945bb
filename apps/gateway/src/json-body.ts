import { parseExactJson } from '@tailrace/intake';
import { RequestError } from './request-error.js';
import { shownValue } from './shown-value.js';

/** Bytes a request's body may have. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Arrays and objects within each other; what is stored of an entry is bounded far below. */
const MAX_DEPTH = 64;

/**
 * Reads a JSON body. Integers past 2^53 become texts with all their digits.
 *
 * @throws RequestError when it is not announced as JSON, is too large (found out without reading it all), is
 * nested too deep, or is no JSON.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/(.+\+)?json *(;|$)/i.test(type)) {
    const message = `content-type is ${shownValue(type)}; allowed: application/json`;
    throw new RequestError('unsupported_media_type', message, 'content-type');
  }
  const text = (await readBody(request)).toString();
  if (nestsDeeper(text, MAX_DEPTH)) {
    throw new RequestError('invalid_body', `the body is nested too deep; allowed: ${MAX_DEPTH} levels`);
  }
  try {
    return parseExactJson(text);
  } catch (error) {
    const reason = (error as Error).message.replace(/[^ -~]/g, '?');
    throw new RequestError('invalid_body', `the body is no JSON: ${reason}`);
  }
}

/**
 * Reads a body's bytes.
 *
 * @throws RequestError when it is too large, found out without reading it all.
 */
export async function readBody(request: Request): Promise<Buffer> {
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): RequestError {
  return new RequestError('body_too_large', `the body is too large; allowed: ${MAX_BODY_BYTES} bytes`);
}

/** Looked for in the text, as what parses and checks JSON afterwards goes down recursively. */
function nestsDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') isInString = !isInString;
    else if (isInString && character === '\\') i += 1;
    else if (!isInString && (character === '[' || character === '{')) depth += 1;
    else if (!isInString && (character === ']' || character === '}')) depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}
