import { isHashKey, type LogFields, MIN_HASH_KEY_BYTES } from '@tailrace/writer';
import { environmentHashKey } from '../environment.js';
import { ANONYMISATIONS, type Anonymisation, createAnonymiser } from './anonymous-address.js';
import { FORWARDED_HEADERS, type ForwardedHeader } from './forwarded-hops.js';
import { AnsweredNames } from './request-hostname.js';
import { REVERSE_DNS_DEFAULTS, ReverseDns, type ReverseDnsOptions } from './reverse-dns.js';
import { TrustedProxies } from './trusted-proxies.js';

/** What is known of a request when it is over. */
export interface RequestEnd {
  readonly status_code: number;
  readonly response_time_ms: number;
  /** `failure` when the client left, or a time limit ended it. */
  readonly outcome?: 'failure' | undefined;
}

/** Which bodies are captured. */
export const CAPTURED_BODIES = ['request', 'response', 'both'] as const;

/** Everything that can be set about request logging; `Request` is what the framework has for one. */
export interface MiddlewareOptions<Request> {
  /**
   * More fields of the entry: `user_id`, `session_id`, `client_id`, or any other. Called when the request is over, so
   * it sees who signed in meanwhile. What it throws is told in `data.fields_error`.
   */
  readonly fields?: (request: Request) => LogFields | undefined;
  /** Whether not to log a request that is over. Its id and context are there all the same. @default none is skipped */
  readonly skip?: (request: Request, end: RequestEnd) => boolean;
  /** Share of the requests that are logged, from 0 to 1. Status 400 and above, slow and aborted ones always are. @default 1 */
  readonly sample?: number;
  /** From how many milliseconds on a request is slow: at level WARNING at least, and never left out. @default false */
  readonly slowMs?: number | false;
  /** Headers that are logged, of request and response. Secret ones are redacted. @default [] */
  readonly captureHeaders?: readonly string[];
  /** Which bodies are logged, when they are text; redacted as any data are. @default false */
  readonly captureBody?: (typeof CAPTURED_BODIES)[number] | false;
  /** Bytes of a body that are kept. @default 4096 */
  readonly maxBodyBytes?: number;
  /** Peers that are believed in `forwardedHeader`: IP addresses, CIDR ranges, `unix`. @default [] */
  readonly trustedProxies?: readonly string[];
  /** The one header the trusted proxies write; a client can send the others through them. @default 'x-forwarded-for' */
  readonly forwardedHeader?: ForwardedHeader;
  /**
   * Names the service answers to, such as `api.example.com` or `*.example.com`: a request for another has no
   * `proxy_hostname`. Without it anybody can make an index of any name. @default every valid name
   */
  readonly hostnames?: readonly string[];
  /** Looks up `client_hostname` in the background. @default false */
  readonly reverseDns?: ReverseDnsOptions | false;
  /** Logs another address in place of the client's: its network (/24, /48), or a keyed hash of it in fd74:6169:6c72::/48. @default false */
  readonly anonymiseIp?: Anonymisation | false;
  /** Key of those hashes, at least 16 bytes. @default LOG_HASH_KEY, else random for this process */
  readonly hashKey?: string | Uint8Array;
}

/** The options with their defaults, and what works by them. */
export interface MiddlewareSettings<Request> {
  readonly fields: ((request: Request) => LogFields | undefined) | undefined;
  readonly skip: ((request: Request, end: RequestEnd) => boolean) | undefined;
  readonly sample: number;
  /** Infinity: nothing is slow. */
  readonly slowMs: number;
  readonly captureHeaders: readonly string[];
  readonly capturesRequestBody: boolean;
  readonly capturesResponseBody: boolean;
  readonly maxBodyBytes: number;
  readonly trustedProxies: TrustedProxies | undefined;
  readonly forwardedHeader: ForwardedHeader;
  readonly hostnames: AnsweredNames | undefined;
  readonly reverseDns: ReverseDns | undefined;
  readonly anonymise: ((address: string) => string) | undefined;
}

/** Every option and its default. */
export const MIDDLEWARE_DEFAULTS = {
  fields: undefined,
  skip: undefined,
  sample: 1,
  slowMs: false,
  captureHeaders: [],
  captureBody: false,
  maxBodyBytes: 4_096,
  trustedProxies: [],
  forwardedHeader: 'x-forwarded-for',
  hostnames: undefined,
  reverseDns: false,
  anonymiseIp: false,
  hashKey: undefined,
} as const satisfies Record<keyof MiddlewareOptions<never>, unknown>;

/**
 * Fills in the defaults and checks every value.
 *
 * @throws RangeError naming the option, its value and what is allowed.
 */
export function resolveMiddlewareOptions<Request>(
  options: MiddlewareOptions<Request>,
): MiddlewareSettings<Request> {
  checkNames(options, MIDDLEWARE_DEFAULTS, '');
  const given = { ...MIDDLEWARE_DEFAULTS, ...defined(options) } as Required<MiddlewareOptions<Request>>;
  checkOptions(given);
  const { captureBody, slowMs, reverseDns, trustedProxies, hostnames } = given;
  return {
    fields: given.fields,
    skip: given.skip,
    sample: given.sample,
    slowMs: slowMs === false ? Number.POSITIVE_INFINITY : slowMs,
    captureHeaders: given.captureHeaders.map((name) => name.toLowerCase()),
    capturesRequestBody: captureBody === 'request' || captureBody === 'both',
    capturesResponseBody: captureBody === 'response' || captureBody === 'both',
    maxBodyBytes: given.maxBodyBytes,
    trustedProxies: trustedProxies.length === 0 ? undefined : new TrustedProxies(trustedProxies),
    forwardedHeader: given.forwardedHeader,
    hostnames: hostnames === undefined ? undefined : new AnsweredNames(hostnames),
    reverseDns: reverseDns === false ? undefined : new ReverseDns(defined(reverseDns)),
    anonymise: anonymiserOf(given),
  };
}

function checkOptions(given: Required<MiddlewareOptions<never>>): void {
  const { sample, slowMs, maxBodyBytes, captureHeaders } = given;
  checkFunction('fields', given.fields);
  checkFunction('skip', given.skip);
  check('sample', sample, isBetween(sample, 0, 1), 'a number from 0 to 1');
  check('slowMs', slowMs, slowMs === false || isBetween(slowMs, 0, 1e9), 'a number from 0 to 1e9, or false');
  checkList('captureHeaders', captureHeaders, (name) => HEADER_NAME.test(name), 'names of headers');
  checkChoice('captureBody', given.captureBody, [...CAPTURED_BODIES, false]);
  checkWhole('maxBodyBytes', maxBodyBytes, 1, 65_536);
  checkList('trustedProxies', given.trustedProxies, () => true, 'texts');
  checkChoice('forwardedHeader', given.forwardedHeader, FORWARDED_HEADERS);
  if (given.hostnames !== undefined) checkList('hostnames', given.hostnames, () => true, 'texts');
  checkReverseDns(given.reverseDns);
  checkChoice('anonymiseIp', given.anonymiseIp, [...ANONYMISATIONS, false]);
  checkAnonymity(given);
}

/** What would tell the address that is made anonymous is refused together with it. */
function checkAnonymity({
  anonymiseIp,
  reverseDns,
  captureHeaders,
}: Required<MiddlewareOptions<never>>): void {
  if (anonymiseIp === false) return;
  if (reverseDns !== false) throw new RangeError('reverseDns is on; allowed with anonymiseIp: false');
  const telling = captureHeaders.find((name) =>
    FORWARDED_HEADERS.some((header) => header === name.toLowerCase()),
  );
  if (telling !== undefined) {
    throw new RangeError(
      `captureHeaders contains ${telling}; allowed with anonymiseIp: headers without addresses`,
    );
  }
}

const REVERSE_DNS_RANGES = {
  maxEntries: [1, 10_000_000],
  ttlMs: [1, 2_147_483_647],
  negativeTtlMs: [1, 2_147_483_647],
  timeoutMs: [10, 60_000],
  maxConcurrent: [1, 1_000],
} as const;

function checkReverseDns(options: ReverseDnsOptions | false): void {
  if (options === false) return;
  check('reverseDns', options, typeof options === 'object' && options !== null, 'an object, or false');
  checkNames(options, { ...REVERSE_DNS_DEFAULTS, servers: [] }, 'reverseDns.');
  for (const [name, [min, max]] of Object.entries(REVERSE_DNS_RANGES)) {
    const value = options[name as keyof typeof REVERSE_DNS_RANGES];
    if (value !== undefined) checkWhole(`reverseDns.${name}`, value, min, max);
  }
  if (options.servers !== undefined)
    checkList('reverseDns.servers', options.servers, (text) => text !== '', 'addresses');
}

function anonymiserOf(given: Required<MiddlewareOptions<never>>): ((address: string) => string) | undefined {
  const { anonymiseIp, hashKey } = given;
  if (hashKey !== undefined && !isHashKey(hashKey)) {
    throw new RangeError(
      `hashKey is too short; allowed: text or bytes, at least ${MIN_HASH_KEY_BYTES} bytes`,
    );
  }
  if (anonymiseIp === false) return undefined;
  return createAnonymiser(anonymiseIp, hashKey ?? environmentHashKey());
}

/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]{1,64}$/;

function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

function checkNames(options: object, known: object, prefix: string): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new RangeError(`${prefix}${unknown} is no option; allowed: ${Object.keys(known).join(', ')}`);
}

function checkFunction(name: string, value: unknown): void {
  check(name, value, value === undefined || typeof value === 'function', 'a function');
}

function checkChoice(name: string, value: unknown, allowed: readonly unknown[]): void {
  check(name, value, allowed.includes(value), allowed.join(', '));
}

function checkWhole(name: string, value: number, min: number, max: number): void {
  const isAllowed = Number.isInteger(value) && isBetween(value, min, max);
  check(name, value, isAllowed, `a whole number from ${min} to ${max}`);
}

function checkList(
  name: string,
  list: readonly string[],
  fits: (text: string) => boolean,
  allowed: string,
): void {
  check(name, list, Array.isArray(list), `a list of ${allowed}`);
  const wrong = list.find((text) => typeof text !== 'string' || !fits(text));
  if (wrong !== undefined) throw new RangeError(`${name} contains ${String(wrong)}; allowed: ${allowed}`);
}

function isBetween(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

function check(name: string, value: unknown, isAllowed: boolean, allowed: string): void {
  if (!isAllowed) throw new RangeError(`${name} is ${String(value)}; allowed: ${allowed}`);
}
