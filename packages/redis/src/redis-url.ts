import type { RedisOptions } from 'ioredis';
import {
  addressText,
  type ClusterPlace,
  DEFAULT_SHARDS,
  MAX_SHARDS,
  type NodeAddress,
} from './cluster/cluster-place.js';

const SCHEME = /^(rediss?)(\+sentinel|\+cluster)?:\/\//i;
const MAX_PORT = 65_535;
const ALLOWED = 'allowed: redis://[user:password@]host[:port][/db], or rediss:// for TLS';
const SENTINEL_ALLOWED =
  'allowed: redis+sentinel://[user:password@]host[:port],host[:port]/NAME[/db], or rediss+sentinel:// for TLS';
const CLUSTER_ALLOWED =
  'allowed: redis+cluster://[user:password@]host[:port],host[:port][?shards=16][&nat=said:port/host:port,...], or rediss+cluster:// for TLS';
const SENTINEL_PORT = 26_379;

/** What a URL says: options for ioredis, and for a cluster how its nodes are found. */
export interface RedisPlace {
  readonly options: RedisOptions;
  readonly cluster?: ClusterPlace;
}

/**
 * Reads a URL as https://www.iana.org/assignments/uri-schemes/prov/redis says, stricter than ioredis, which takes a part of
 * a password for the host, and database 0 for one it does not understand. `redis+sentinel://` names Sentinels, and behind them
 * the master they watch; user and password are those of the servers, `sentinel_user` and `sentinel_password` the Sentinels'.
 * `redis+cluster://` names some nodes of a cluster; user and password are those of every node.
 *
 * @throws RangeError that says what is wrong, without user and password.
 */
export function parseRedisUrl(text: string): RedisPlace {
  const [scheme, protocol] = SCHEME.exec(text) ?? [];
  if (scheme === undefined)
    throw new RangeError(
      `does not begin with redis://, rediss://, redis+sentinel:// or redis+cluster:// (rediss+… for TLS); ${ALLOWED}`,
    );
  const { login } = splitUrl(text);
  const { options, cluster } = parseKind(text);
  const isTls = protocol?.toLowerCase() === 'rediss';
  return {
    options: {
      ...options,
      ...(isTls && { tls: {} }),
      ...(isTls && options.sentinels && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
      ...(login !== undefined && parseLogin(login)),
    },
    ...(cluster && { cluster }),
  };
}

/** As {@link parseRedisUrl}, of a URL that is wrong: where it leads, if that can be told whatever is wrong before. */
export function placeOfRedisUrl(text: string): RedisPlace | undefined {
  try {
    return parseKind(text);
  } catch {
    return undefined;
  }
}

/** What stands behind user and password. */
function parseKind(text: string): RedisPlace {
  const { place } = splitUrl(text);
  const kind = SCHEME.exec(text)?.[2]?.toLowerCase();
  if (kind === '+sentinel') return { options: parseSentinels(place) };
  if (kind === '+cluster') return { options: {}, cluster: parseCluster(place) };
  return { options: parsePlace(place) };
}

/** A URL as it may be shown, also a wrong one: without user and password, and without what follows the database. */
export function redactRedisUrl(text: string): string {
  const [scheme = ''] = SCHEME.exec(text) ?? [];
  const [place] = splitUrl(text).place.split(/[?#]/, 1);
  return scheme === '' ? 'a text that is no URL of a Redis' : `${scheme}${place}`;
}

/** A raw `@` in a password is unclear, but behind the last one there is no part of it. */
function splitUrl(text: string): { readonly login: string | undefined; readonly place: string } {
  const rest = text.replace(SCHEME, '');
  const at = rest.lastIndexOf('@');
  return { login: at === -1 ? undefined : rest.slice(0, at), place: rest.slice(at + 1) };
}

function parseLogin(login: string): RedisOptions {
  const raw = /[/?#@]/.exec(login)?.[0];
  if (raw !== undefined) {
    const encoded = encodeURIComponent(raw);
    throw new RangeError(`has a ${raw} in its user or password; allowed: ${encoded} in its place`);
  }
  const colon = login.indexOf(':');
  const user = decode(colon === -1 ? login : login.slice(0, colon));
  const password = colon === -1 ? '' : decode(login.slice(colon + 1));
  return { ...(user !== '' && { username: user }), ...(password !== '' && { password }) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RangeError(
      'has a % in its user or password that stands for no character; allowed: %25 in its place',
    );
  }
}

function parsePlace(place: string): RedisOptions {
  const [, address = '', path = '', query, hash] =
    /^([^/?#]*)(\/[^?#]*)?(\?[^#]*)?(#.*)?$/s.exec(place) ?? [];
  if (hash !== undefined) throw new RangeError(`has a #; ${ALLOWED}`);
  const { db: queryDb, family } = parseQuery(query);
  const pathDb = path.length > 1 ? path.slice(1) : undefined;
  if (pathDb !== undefined && queryDb !== undefined && pathDb !== queryDb)
    throw new RangeError(`names two databases, ${pathDb} and ${queryDb}; allowed: one`);
  const db = parseDb(pathDb ?? queryDb ?? '0');
  return { ...parseAddress(address), db, ...(family !== undefined && { family }) };
}

/** `host:port,host:port/NAME[/db]`, and what the Sentinels ask for. */
function parseSentinels(place: string): RedisOptions {
  const [, addresses = '', path = '', query, hash] =
    /^([^/?#]*)(\/[^?#]*)?(\?[^#]*)?(#.*)?$/s.exec(place) ?? [];
  if (hash !== undefined) throw new RangeError(`has a #; ${SENTINEL_ALLOWED}`);
  const [, name = '', db = '0', ...rest] = path.split('/');
  if (name === '' || rest.length > 0)
    throw new RangeError(`names no master behind its Sentinels; ${SENTINEL_ALLOWED}`);
  const sentinels = addresses.split(',').map((address) => parseAddress(address, SENTINEL_PORT));
  const {
    sentinel_user: user,
    sentinel_password: password,
    ...others
  } = Object.fromEntries(new URLSearchParams(query));
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new RangeError(`has the parameter "${unknown}"; allowed: sentinel_user, sentinel_password`);
  return {
    sentinels,
    name: decode(name),
    db: parseDb(db),
    ...(user !== undefined && { sentinelUsername: user }),
    ...(password !== undefined && { sentinelPassword: password }),
  };
}

/** `host:port,host:port`, and where nodes are reached that say another address of themselves. */
function parseCluster(place: string): ClusterPlace {
  const [, addresses = '', path = '', query, hash] =
    /^([^/?#]*)(\/[^?#]*)?(\?[^#]*)?(#.*)?$/s.exec(place) ?? [];
  if (hash !== undefined) throw new RangeError(`has a #; ${CLUSTER_ALLOWED}`);
  if (path.length > 1 && path !== '/0')
    throw new RangeError(`names the database "${path.slice(1)}"; allowed: none, a Cluster has only one`);
  const { nat, shards = String(DEFAULT_SHARDS), ...others } = Object.fromEntries(new URLSearchParams(query));
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new RangeError(`has the parameter "${unknown}"; allowed: shards, nat`);
  if (!/^\d{1,5}$/.test(shards) || Number(shards) < 1 || Number(shards) > MAX_SHARDS)
    throw new RangeError(`has shards "${shards}"; allowed: a whole number from 1 to ${MAX_SHARDS}`);
  return {
    shards: Number(shards),
    nodes: addresses.split(',').map((address) => parseAddress(address)),
    natMap: nat === undefined ? {} : Object.fromEntries(nat.split(',').map(parseNat)),
  };
}

function parseNat(pair: string): [string, NodeAddress] {
  const [said, reached, ...rest] = pair.split('/');
  if (!said || !reached || rest.length > 0)
    throw new RangeError(
      `has nat "${pair}"; allowed: the address a node says of itself, / and where it is reached, both as host:port`,
    );
  return [addressText(parseAddress(said)), parseAddress(reached)];
}

function parseAddress(address: string, usualPort = 6379): NodeAddress {
  const [, host = '', port = String(usualPort)] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(address) ?? [];
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (!(number >= 1 && number <= MAX_PORT))
    throw new RangeError(`has the port "${port}"; allowed: a whole number from 1 to ${MAX_PORT}`);
  if (!URL.canParse(`http://${host}/`)) throw new RangeError(`has no host, or none that can be; ${ALLOWED}`);
  return { host: host.replace(/^\[|\]$/g, '').toLowerCase(), port: number };
}

function parseDb(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`names the database "${text}"; allowed: a whole number from 0`);
}

function parseQuery(query: string | undefined): { readonly db?: string; readonly family?: number } {
  const given = Object.fromEntries(new URLSearchParams(query));
  const unknown = Object.keys(given).find((name) => name !== 'db' && name !== 'family');
  if (unknown !== undefined) throw new RangeError(`has the parameter "${unknown}"; allowed: db, family`);
  const { db, family } = given;
  if (family !== undefined && !/^[046]$/.test(family))
    throw new RangeError(`has the family "${family}"; allowed: 0, 4, 6`);
  return { ...(db !== undefined && { db }), ...(family !== undefined && { family: Number(family) }) };
}
