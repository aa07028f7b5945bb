import { TEXT_LIMITS } from '@tailrace/schema';

const METHOD = /^[!#$%&'*+.^_`|~\w-]+$/;
const PROTOCOL = /^HTTP\/\d(\.\d)?$/;

/** The parts of an HTTP request line (RFC 9112 section 3); the path keeps its query. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
}

/** @returns the parts of `METHOD path protocol`, or `undefined` when the text is none. A path may contain spaces. */
export function parseRequestLine(text: string): RequestLine | undefined {
  const [firstSpace, lastSpace] = [text.indexOf(' '), text.lastIndexOf(' ')];
  if (lastSpace <= firstSpace + 1) return undefined;
  const [method, protocol] = [text.slice(0, firstSpace), text.slice(lastSpace + 1)];
  const valid = METHOD.test(method) && method.length <= TEXT_LIMITS.method && PROTOCOL.test(protocol);
  return valid ? { method, path: text.slice(firstSpace + 1, lastSpace), protocol } : undefined;
}
