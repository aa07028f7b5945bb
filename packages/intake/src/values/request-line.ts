import { TEXT_LIMITS } from '@tailrace/schema';
import { readHost } from './address.js';

const METHOD = /^[!#$%&'*+.^_`|~\w-]+$/;
const PROTOCOL = /^HTTP\/\d(\.\d)?$/;
/** RFC 1945 section 4.1: a request of HTTP/0.9 is method and path, without a protocol. */
const SIMPLE_REQUEST = /^[A-Z]{3,16} \/[\s\S]*$/;
const URL_START = /^[a-z][a-z0-9+.-]{0,15}:\/\/([^/?#]*)/i;

/** The parts of an HTTP request line (RFC 9112 section 3); the path keeps its query. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  /** `undefined` for HTTP/0.9. */
  readonly protocol: string | undefined;
  /** The host of a target that is a full URL, without its port. */
  readonly host: string | undefined;
}

/** @returns the parts of `METHOD path protocol`, or `undefined` when the text is none. A path may contain spaces. */
export function parseRequestLine(text: string): RequestLine | undefined {
  const firstSpace = text.indexOf(' ');
  const lastSpace = text.lastIndexOf(' ');
  const protocol = text.slice(lastSpace + 1);
  const hasProtocol = lastSpace > firstSpace + 1 && PROTOCOL.test(protocol);
  if (!hasProtocol && !SIMPLE_REQUEST.test(text)) return undefined;
  const method = text.slice(0, firstSpace);
  if (!METHOD.test(method) || method.length > TEXT_LIMITS.method || method === '-') return undefined;
  const target = hasProtocol ? text.slice(firstSpace + 1, lastSpace) : text.slice(firstSpace + 1);
  return { method, ...splitTarget(target), protocol: hasProtocol ? protocol : undefined };
}

/** What follows the host of a full URL, and the host; any other target is the path as it is. */
export function splitTarget(target: string): { readonly path: string; readonly host: string | undefined } {
  const start = URL_START.exec(target);
  if (start === null) return { path: target, host: undefined };
  const rest = target.slice(start[0].length).replace(/#.*$/s, '');
  const authority = (start[1] as string).replace(/^[^@]*@/, '');
  return { path: rest.startsWith('/') ? rest : `/${rest}`, host: readHost(authority) };
}
