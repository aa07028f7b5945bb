import { checkWholeNumber, kindOf, shown } from '@tailrace/writer';
import type { ResourceAttributes } from './otlp-records.js';

/** Where a logger sends its entries by OTLP, and how. */
export interface OtlpOptions {
  /** Where logs are taken, with the path: `http://127.0.0.1:4318/v1/logs`. */
  readonly url: string;
  /** Sent with each request: `{ authorization: 'Bearer …' }`. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * What all entries have in common, as resource attributes. With a `service.name` of its own the component of an entry is the
   * name of its scope, else it is the `service.name`. @default {}
   */
  readonly resource?: ResourceAttributes;
  /** Whether bodies are compressed. @default 'none' */
  readonly compression?: 'none' | 'gzip';
  /** Milliseconds a request may take. @default 10000 */
  readonly timeoutMs?: number;
  /** Sends to it alone, not to Redis as well. @default false */
  readonly instead?: boolean;
}

/** @see OtlpOptions */
export type ResolvedOtlpOptions = Required<Omit<OtlpOptions, 'url'>> & { readonly url: URL };

const DEFAULTS = {
  headers: {},
  resource: {},
  compression: 'none',
  timeoutMs: 10_000,
  instead: false,
} as const;
const NAMES = ['url', ...Object.keys(DEFAULTS)];
/** RFC 9110, section 5.6.2, and visible characters. */
const HEADER_NAME = /^[!#$%&'*+.^`|~\w-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws RangeError naming the option, its value where it is no secret, and what is allowed. */
export function resolveOtlp(given: OtlpOptions): ResolvedOtlpOptions {
  if (typeof given !== 'object' || given === null)
    throw new RangeError(`the options of otlp are ${kindOf(given)}; allowed: { ${NAMES.join(', ')} }`);
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`otlp.${unknown} is no option; allowed: ${NAMES.join(', ')}`);
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const all = { ...DEFAULTS, ...set } as Required<OtlpOptions>;
  checkWholeNumber('otlp.timeoutMs', all.timeoutMs, [1, 600_000]);
  if (all.compression !== 'none' && all.compression !== 'gzip')
    throw new RangeError(`otlp.compression is ${shown(all.compression)}; allowed: none, gzip`);
  if (typeof all.instead !== 'boolean')
    throw new RangeError(`otlp.instead is ${shown(all.instead)}; allowed: true or false`);
  for (const [name, value] of Object.entries(all.headers)) {
    if (!HEADER_NAME.test(name) || typeof value !== 'string' || !HEADER_VALUE.test(value))
      throw new RangeError(
        `otlp.headers.${shown(name)} is no header; allowed: a name and a text of one line`,
      );
  }
  for (const [name, value] of Object.entries(all.resource)) {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw new RangeError(
        `otlp.resource.${name} is ${kindOf(value)}; allowed: a text, a number, true or false`,
      );
  }
  return { ...all, url: urlOf(all.url) };
}

/** What it holds is not shown: a URL may have a password. */
function urlOf(text: unknown): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new RangeError('otlp.url is no URL; allowed: http://host:port/path or https://host:port/path');
}
