import { Resolver } from 'node:dns/promises';
import { canonicalIp } from '@tailrace/schema';
import { LRUCache } from 'lru-cache';
import { hostnameOf } from './request-hostname.js';

/** How client host names are found. */
export interface ReverseDnsOptions {
  /** Addresses whose answer is remembered. @default 10000 */
  readonly maxEntries?: number;
  /** Milliseconds a name is remembered. @default 3600000 (1 hour) */
  readonly ttlMs?: number;
  /** Milliseconds it is remembered that there is none, or that nobody answered. @default 300000 (5 minutes) */
  readonly negativeTtlMs?: number;
  /** Milliseconds a name server may take, for each of two tries. @default 2000 */
  readonly timeoutMs?: number;
  /** Addresses looked up at once; of further ones the name is not looked up this time. @default 8 */
  readonly maxConcurrent?: number;
  /** Name servers to ask, as `address` or `address:port`. @default those of the system */
  readonly servers?: readonly string[];
}

/** @see ReverseDnsOptions */
export const REVERSE_DNS_DEFAULTS = {
  maxEntries: 10_000,
  ttlMs: 3_600_000,
  negativeTtlMs: 300_000,
  timeoutMs: 2_000,
  maxConcurrent: 8,
} as const;

const TRIES = 2;
/** Names an address may have that are checked. */
const MAX_NAMES = 4;
/** What is remembered of an address without a name. */
const NO_NAME = '';

/**
 * Client host names from a bounded cache. Nothing waits for it: a name that is not known yet is looked up in the
 * background and is there for a later request. A name counts only when it leads back to the address; anybody can give
 * his own address any name.
 */
export class ReverseDns {
  readonly #options: Required<Omit<ReverseDnsOptions, 'servers'>>;
  readonly #resolver: Resolver;
  readonly #names: LRUCache<string, string>;
  readonly #pending = new Set<string>();

  /** @throws RangeError when a name server is none. */
  constructor({ servers, ...options }: ReverseDnsOptions) {
    this.#options = { ...REVERSE_DNS_DEFAULTS, ...options };
    this.#resolver = new Resolver({ timeout: this.#options.timeoutMs, tries: TRIES });
    this.#names = new LRUCache({ max: this.#options.maxEntries });
    if (servers !== undefined) setServers(this.#resolver, servers);
  }

  /** The name that is known of a canonical address; looks it up for later when nothing is. */
  nameOf(address: string): string | undefined {
    const name = this.#names.get(address);
    if (name === undefined) this.#lookUp(address);
    return name === NO_NAME ? undefined : name;
  }

  /** Whether anything is looked up now. */
  get isLookingUp(): boolean {
    return this.#pending.size > 0;
  }

  #lookUp(address: string): void {
    if (this.#pending.size >= this.#options.maxConcurrent || this.#pending.has(address)) return;
    this.#pending.add(address);
    void this.#confirmedName(address).then((name) => {
      this.#pending.delete(address);
      const { ttlMs, negativeTtlMs } = this.#options;
      this.#names.set(address, name, { ttl: name === NO_NAME ? negativeTtlMs : ttlMs });
    });
  }

  async #confirmedName(address: string): Promise<string> {
    try {
      const names = await this.#resolver.reverse(address);
      for (const name of names.slice(0, MAX_NAMES)) {
        const hostname = hostnameOf(name);
        if (hostname !== undefined && (await this.#leadsTo(hostname, address))) return hostname;
      }
    } catch {
      // No name, no answer or no network: all the same to a log.
    }
    return NO_NAME;
  }

  async #leadsTo(hostname: string, address: string): Promise<boolean> {
    const addresses = address.includes(':')
      ? await this.#resolver.resolve6(hostname)
      : await this.#resolver.resolve4(hostname);
    return addresses.some((found) => canonicalIp(found) === address);
  }
}

function setServers(resolver: Resolver, servers: readonly string[]): void {
  try {
    resolver.setServers(servers);
  } catch (cause) {
    const allowed = 'IP addresses, with a port or not';
    throw new RangeError(`reverseDns.servers is ${String(servers)}; allowed: ${allowed}`, { cause });
  }
}
