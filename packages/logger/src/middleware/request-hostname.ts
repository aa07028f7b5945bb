import { canonicalIp, TEXT_LIMITS } from '@tailrace/schema';

const PORT = /:\d{0,5}$/;
/** Underscores are in no host name (RFC 952) and in many. */
const NAME = /^[a-z\d_](?:[a-z\d_.-]*[a-z\d_])?$/;

/**
 * The name a `Host` header (RFC 9110, 7.2) or an `:authority` asks for, without its port, lower-case.
 *
 * @returns `undefined` when it is no host name and no address.
 */
export function hostnameOf(host: string | undefined): string | undefined {
  if (host !== last.host) last = { host, name: parseHost(host) };
  return last.name;
}

/** Nearly every request asks for the name that the one before it asked for. */
let last: { readonly host: string | undefined; readonly name: string | undefined } = {
  host: undefined,
  name: undefined,
};

function parseHost(host: string | undefined): string | undefined {
  if (host === undefined || host.length > TEXT_LIMITS.proxy_hostname + MAX_PORT_LENGTH) return undefined;
  const name = host.replace(PORT, '').toLowerCase();
  if (name.startsWith('[') && name.endsWith(']')) return canonicalIp(name.slice(1, -1));
  if (name.length > TEXT_LIMITS.proxy_hostname) return undefined;
  const relative = name.endsWith('.') ? name.slice(0, -1) : name;
  return NAME.test(relative) && !relative.includes('..') ? relative : undefined;
}

const MAX_PORT_LENGTH = 6;

/** The names a service answers to: `api.example.com`, and `*.example.com` for all below a name. */
export class AnsweredNames {
  readonly #names = new Set<string>();
  readonly #suffixes: string[] = [];

  /** @throws RangeError when one of them is no host name. */
  constructor(names: readonly string[]) {
    for (const name of names) this.#add(name);
  }

  has(hostname: string): boolean {
    return this.#names.has(hostname) || this.#suffixes.some((suffix) => hostname.endsWith(suffix));
  }

  #add(name: unknown): void {
    const isBelow = typeof name === 'string' && name.startsWith('*.');
    const hostname = typeof name === 'string' ? hostnameOf(isBelow ? name.slice(2) : name) : undefined;
    if (hostname === undefined) {
      throw new RangeError(
        `hostnames contains ${String(name)}; allowed: host names without a port, such as api.example.com or *.example.com`,
      );
    }
    if (isBelow) this.#suffixes.push(`.${hostname}`);
    else this.#names.add(hostname);
  }
}
