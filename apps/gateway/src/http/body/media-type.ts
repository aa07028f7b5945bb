import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';

/** `application/json`, and formats that are JSON by their suffix (RFC 6839, section 3.1). */
const JSON_TYPE = /^application\/(?:[\w!#$&^.+-]+\+)?json$/;

/**
 * What a body is, without parameters: `application/json` of `Application/JSON; charset=utf-8`. A browser sends what its
 * page says behind the `;` without asking first, so nothing there may decide (WHATWG MIME Sniffing, section 4.4).
 */
export function mediaTypeOf(request: Request): string {
  const [essence = ''] = (request.headers.get('content-type') ?? '').split(';', 1);
  return essence.trim().toLowerCase();
}

/** @throws RequestError when a request's body is not announced as JSON. */
export function requireJson(request: Request): void {
  if (!JSON_TYPE.test(mediaTypeOf(request))) throw unsupported(request, ['application/json']);
}

/** @throws RequestError when a request's body is announced as none of some types. */
export function requireType(request: Request, allowed: readonly string[]): void {
  if (!allowed.includes(mediaTypeOf(request))) throw unsupported(request, allowed);
}

function unsupported(request: Request, allowed: readonly string[]): RequestError {
  const given = request.headers.get('content-type') ?? '';
  const message = `content-type is ${shownValue(given)}; allowed: ${allowed.join(', ')}`;
  return new RequestError('unsupported_media_type', message, 'content-type');
}

/** Lines of JSON have several names of their own. */
const TEXT_TYPE = /^(?:text\/[\w.+-]+|application\/(?:x-)?(?:ndjson|jsonl|jsonlines|logfmt))$/;

/** Whether a request brings lines of text. */
export function isText(request: Request): boolean {
  return TEXT_TYPE.test(mediaTypeOf(request));
}

const NDJSON_TYPE = /^application\/(?:x-)?(?:ndjson|jsonl|jsonlines)$/;

/** Whether a request brings lines of JSON. */
export function isNdjson(request: Request): boolean {
  return NDJSON_TYPE.test(mediaTypeOf(request));
}
