import type { RequestLine } from '@tailrace/writer';

/** Texts need no copy. What a caller without types gives instead is copied like any field. */
export function isPlainLine({ method, path, client_ip, proxy_hostname }: RequestLine): boolean {
  return isPlain(method) && isPlain(path) && isPlain(client_ip) && isPlain(proxy_hostname);
}

function isPlain(text: unknown): boolean {
  return (typeof text === 'string' && text.length <= MAX_LINE_TEXT) || text === undefined;
}

/** Longer texts are cut at the call, so that the queue never holds them. */
const MAX_LINE_TEXT = 65_536;
