import { isHostName, readAddress, readAddressList, readHost } from '../values/address.js';
import { unescapeClf } from './clf-escapes.js';
import { textOf } from './fields.js';

/** Who a line of an access log is about. */
export interface ClfClient {
  readonly client_ip?: string | undefined;
  readonly client_hostname?: string | undefined;
  readonly proxy_hostname?: string | undefined;
  readonly user_id?: string | undefined;
  readonly ident?: string | undefined;
  /** A list of addresses (`X-Forwarded-For`) as it stands in front. */
  readonly forwarded?: string | undefined;
}

const PORT = /(?:^[\d.]+|\]):\d{1,5}$/;

/**
 * Reads what stands before the time: `host ident user`, with a virtual host or a forwarded list before it, or a list in
 * the place of the host. The user may contain spaces.
 *
 * @returns why the text is refused, when who the client is cannot be known: a wrong client is worse than none.
 */
export function parseClfClient(text: string): ClfClient | string {
  const tokens = text.split(' ');
  const list = takeList(tokens);
  if (list === undefined) return clientOf(tokens, undefined);
  const behind = tokens[0] === undefined ? undefined : readAddress(tokens[0]);
  // `%{X-Forwarded-For}i %h`: the peer stands behind the list.
  if (behind !== undefined && tokens.length >= 3)
    return withForwarded(clientOf(tokens, undefined), list.text);
  const first = readAddress((list.text.split(',')[0] ?? '').trim());
  const [ident = '-', ...user] = tokens;
  return {
    ...namesOf(ident, user),
    client_ip: first,
    proxy_hostname: list.virtualHost === undefined ? undefined : readHost(list.virtualHost),
    forwarded: list.text,
  };
}

/** Takes a list of addresses off the front, behind a virtual host if there is one. */
function takeList(tokens: string[]): { readonly text: string; readonly virtualHost?: string } | undefined {
  const quoted = /^"([^"]{0,2000})"(?: |$)/.exec(tokens.join(' '));
  if (quoted !== null) {
    const count = quoted[0].trimEnd().split(' ').length;
    tokens.splice(0, count);
    return { text: quoted[1] as string };
  }
  const start = tokens[0]?.includes(',')
    ? 0
    : tokens[1]?.includes(',') && isVirtualHost(tokens[0] ?? '')
      ? 1
      : -1;
  if (start === -1) return undefined;
  let end = start;
  while (end < tokens.length - 1 && tokens[end]?.endsWith(',')) end += 1;
  const text = tokens.slice(start, end + 1).join(' ');
  const parts = readAddressList(text);
  if (parts.some((part) => !isListed(part))) return undefined;
  const virtualHost = start === 1 ? tokens[0] : undefined;
  tokens.splice(0, end + 1);
  return { text, ...(virtualHost !== undefined && { virtualHost }) };
}

function isListed(part: string): boolean {
  return part === 'unknown' || part === '' || /^_?[\w.-]+$/.test(part) || readAddress(part) !== undefined;
}

function withForwarded(client: ClfClient | string, forwarded: string): ClfClient | string {
  return typeof client === 'string' ? client : { ...client, forwarded };
}

function clientOf(tokens: readonly string[], virtualHost: string | undefined): ClfClient | string {
  const [host = '', second = '', third = ''] = tokens;
  if (virtualHost === undefined && tokens.length >= 4) {
    const secondIsAddress = readAddress(second) !== undefined;
    // Of two addresses the second is the peer: before it stands a forwarded list of one, or a virtual host with its port.
    if (secondIsAddress && (host === '-' || readAddress(host) !== undefined)) {
      return host.match(PORT)
        ? clientOf(tokens.slice(1), host)
        : withForwarded(clientOf(tokens.slice(1), '-'), host);
    }
    if (isVirtualHost(host) && (secondIsAddress || (isClientName(second) && third === '-'))) {
      return clientOf(tokens.slice(1), host);
    }
    if (isVirtualHost(host) && second === '-') {
      if (third === '-') return clientOf(tokens.slice(1), host);
      if (/:\d+$/.test(host)) {
        return 'who the client is cannot be told: a virtual host may stand before it, or not';
      }
    }
    if (secondIsAddress) return `what stands before the client is not understood: ${shown(host)}`;
  }
  if (tokens.length === 3 && readAddress(second) !== undefined) {
    return readAddress(host) === undefined
      ? `what stands before the client is not understood: ${shown(host)}`
      : 'which of two addresses is the client cannot be told';
  }
  if (tokens.length === 2 && second !== '-' && second !== '') {
    return `is neither an ident nor a user alone: ${shown(second)}`;
  }
  const ip = readAddress(host);
  const name = ip === undefined && isClientName(host) ? host.replace(/:\d{1,5}$/, '') : undefined;
  if (ip === undefined && name === undefined && host !== '-' && host !== 'unix:') {
    return `is no client: ${shown(host)}`;
  }
  const [ident = '-', ...user] = tokens.slice(1);
  return {
    ...namesOf(ident, user),
    client_ip: ip,
    client_hostname: name?.toLowerCase(),
    proxy_hostname: virtualHost === undefined || virtualHost === '-' ? undefined : readHost(virtualHost),
  };
}

function namesOf(ident: string, user: readonly string[]): Pick<ClfClient, 'ident' | 'user_id'> {
  return { ident: textOf(ident), user_id: textOf(unescapeClf(user.join(' ').trim())) };
}

/** A name with a dot or a port; a lone word could be anything (a level, a stream, a service). */
function isVirtualHost(text: string): boolean {
  if (text === '_' || text === '*' || text.startsWith('_default_')) return true;
  const name = text.replace(/:\d{1,5}$/, '');
  return (name !== text || name.includes('.') || name === 'localhost') && readHost(name) !== undefined;
}

function isClientName(text: string): boolean {
  return isHostName(text.replace(/:\d{1,5}$/, ''));
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
