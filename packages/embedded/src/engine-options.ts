import { isIPv4 } from 'node:net';

const MIB = 1024 * 1024;

/** Options of `startEmbeddedEngine`. */
export interface EmbeddedEngineOptions {
  /**
   * TCP port to listen on; 0 lets the system pick a free one.
   * @default 0
   */
  readonly port?: number;
  /**
   * Loopback address to listen on: `localhost`, `::1` or one in 127.0.0.0/8. The engine has no password,
   * so nothing else is allowed.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /**
   * How long the engine may take until it answers commands, in milliseconds.
   * @default 15_000
   */
  readonly startTimeoutMs?: number;
  /**
   * What the engine may hold (`CONFIG SET maxmemory`, policy `noeviction`): beyond it, writes are answered
   * with an OOM error and reads go on. From 4 MiB to 2 GiB: the engine's address space ends at 4 GiB, and
   * there it would abort instead of answering.
   * @default 1_073_741_824
   */
  readonly maxMemoryBytes?: number;
}

/** What an option is when it is not given. */
export const embeddedEngineDefaults: Required<EmbeddedEngineOptions> = {
  port: 0,
  host: '127.0.0.1',
  startTimeoutMs: 15_000,
  maxMemoryBytes: 1024 * MIB,
};

/** @throws RangeError that names the option, its value and what is allowed. */
export function resolveEngineOptions(options: EmbeddedEngineOptions): Required<EmbeddedEngineOptions> {
  const resolved = { ...embeddedEngineDefaults, ...options };
  requireInteger('port', resolved.port, 0, 65_535);
  requireInteger('startTimeoutMs', resolved.startTimeoutMs, 1, 2 ** 31 - 1);
  requireInteger('maxMemoryBytes', resolved.maxMemoryBytes, 4 * MIB, 2048 * MIB);
  if (!isLoopback(resolved.host)) {
    throw new RangeError(
      `host: ${JSON.stringify(resolved.host)} is not a loopback address (localhost, ::1, 127.x.x.x)`,
    );
  }
  return resolved;
}

function requireInteger(option: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${option}: ${value} is not an integer from ${min} to ${max}`);
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
