import { canonicalIp } from '@tailrace/schema';
import { forwardedElement } from './forwarded-element.js';

/** Headers in which a proxy says for whom it asks. */
export const FORWARDED_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip'] as const;

/** @see FORWARDED_HEADERS */
export type ForwardedHeader = (typeof FORWARDED_HEADERS)[number];

/** Longer than any address with brackets, zone and port. */
const MAX_NODE_LENGTH = 64;
/** A quoted text with more commas in it than this is not looked into. */
const MAX_ELEMENT_COMMAS = 8;
/** Longer elements are not looked into: a quoted host name fits. */
const MAX_ELEMENT_LENGTH = 1_024;

/**
 * The addresses a forwarded header names, from the nearest proxy's on, each read only when it is asked for: what a
 * client wrote stands at the far end and is never looked at when the proxies did not vouch for it. `undefined` stands
 * for what is no address (`unknown`, an obfuscated name, garbage), and is the last.
 */
export function forwardedHops(name: ForwardedHeader, value: string): Iterable<string | undefined> {
  if (name === 'x-real-ip') return [hopAddress(value)];
  return name === 'forwarded' ? forwardedNodes(value) : listedNodes(value);
}

/** `X-Forwarded-For: client, proxy1, proxy2`, of which the last was added by the nearest proxy. */
function* listedNodes(list: string): Generator<string | undefined> {
  let end = list.length;
  while (end >= 0) {
    const comma = end === 0 ? -1 : list.lastIndexOf(',', end - 1);
    const address = hopAddress(list.slice(comma + 1, end));
    yield address;
    if (address === undefined) return;
    end = comma;
  }
}

/**
 * `Forwarded: for=client, for="[2001:db8::1]:4711"` (RFC 7239). Each element is parsed by itself, from the end, so that
 * garbage sent by the client does not hide what the proxies appended. A part of a quoted text never parses as an
 * element: it has one quotation mark too many.
 */
function* forwardedNodes(header: string): Generator<string | undefined> {
  let end = header.length;
  while (end >= 0) {
    const element = lastElement(header, end);
    const address = element?.node === undefined ? undefined : hopAddress(element.node);
    yield address;
    if (element === undefined || address === undefined) return;
    end = element.comma;
  }
}

/** The element that ends at `end`, and the comma before it, or -1. */
function lastElement(
  header: string,
  end: number,
): { readonly node: string | undefined; readonly comma: number } | undefined {
  let comma = end;
  for (let commas = 0; commas <= MAX_ELEMENT_COMMAS; commas++) {
    comma = comma === 0 ? -1 : header.lastIndexOf(',', comma - 1);
    if (end - comma > MAX_ELEMENT_LENGTH) return undefined;
    const element = forwardedElement(header.slice(comma + 1, end).trim());
    if (element !== undefined) return { node: element.node, comma };
    if (comma === -1) return undefined;
  }
  return undefined;
}

/**
 * One node as proxies write it: an address, in brackets or not, with a port or not.
 *
 * @returns the canonical address, `undefined` for anything else.
 */
export function hopAddress(node: string): string | undefined {
  const text = node.length > MAX_NODE_LENGTH * 2 ? '' : node.trim();
  if (text.length > MAX_NODE_LENGTH) return undefined;
  const [, bracketed] = BRACKETED.exec(text) ?? [];
  if (bracketed !== undefined) return bracketed.includes(':') ? canonicalIp(bracketed) : undefined;
  const [, withoutPort] = IPV4_WITH_PORT.exec(text) ?? [];
  return canonicalIp(withoutPort ?? text);
}

const BRACKETED = /^\[([^\]]*)\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/;
