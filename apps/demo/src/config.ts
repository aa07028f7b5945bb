import { DemoError } from './demo-error.js';

/** Everything that can be set about the demo. */
export interface DemoConfig {
  /** `DEMO_PORT`: where the demo app listens; 0 picks a free port. @default 4690 */
  readonly port: number;
  /** `DEMO_SECONDS`: how long it gets traffic. @default 60 */
  readonly seconds: number;
  /** `TAILRACE_URL`: the gateway, without a slash at the end. @default http://127.0.0.1:4680 */
  readonly gatewayUrl: string;
  /** `REDIS_URL`: where the logger writes. @default none: the gateway is asked */
  readonly redisUrl: string | undefined;
}

/** @default where the gateway listens when nothing is set */
export const DEFAULT_GATEWAY_URL = 'http://127.0.0.1:4680';
const DEFAULT_PORT = 4690;
const DEFAULT_SECONDS = 60;
const MAX_SECONDS = 3_600;

/**
 * Reads the settings; nothing else in the demo reads the environment. An empty variable counts as not set.
 *
 * @throws DemoError naming the setting, its value and what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): DemoConfig {
  const read = <T>(name: string, absent: T, parse: (text: string) => T): T => {
    const text = env[name];
    return text === undefined || text === '' ? absent : parse(text);
  };
  return {
    port: read('DEMO_PORT', DEFAULT_PORT, (text) =>
      parseInteger('DEMO_PORT', text, { min: 0, max: 65_535, note: ' (0: any free port)' }),
    ),
    seconds: read('DEMO_SECONDS', DEFAULT_SECONDS, (text) =>
      parseInteger('DEMO_SECONDS', text, { min: 1, max: MAX_SECONDS }),
    ),
    gatewayUrl: read('TAILRACE_URL', DEFAULT_GATEWAY_URL, parseGatewayUrl),
    redisUrl: read('REDIS_URL', undefined, parseRedisUrl),
  };
}

/** The URL of a Redis as it may be shown: without user and password. */
export function redactRedisUrl(text: string): string {
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}

function parseInteger(
  name: string,
  text: string,
  { min, max, note = '' }: { readonly min: number; readonly max: number; readonly note?: string },
): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new DemoError(`${name} is "${text}"; allowed: a whole number from ${min} to ${max}${note}`);
}

/** Credentials are refused because the address is shown, and a value not understood is not shown for the same reason. */
function parseGatewayUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return (url.origin + url.pathname).replace(/\/+$/, '');
  }
  throw new DemoError(
    `TAILRACE_URL is not understood; allowed: ${DEFAULT_GATEWAY_URL}, or another http(s) address`,
  );
}

/** A value that is no URL is not shown: a password may stand in it. */
function parseRedisUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '') return text;
  throw new DemoError(
    'REDIS_URL is not understood; allowed: redis://[user:password@]host[:port][/db], or rediss:// for TLS',
  );
}
