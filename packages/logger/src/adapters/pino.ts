import { type Transform, Writable } from 'node:stream';
import { close, configureLogger, currentLogger } from '../log-functions.js';
import type { LoggerOptions } from '../logger-options.js';
import { logPinoRecord, type PinoConfig } from './pino-record.js';

/**
 * Makes a stream for `pino(options, stream)`, or `stream` of bunyan. Records are logged by the logger of this process, as
 * its own calls are, in the context the call was made in.
 *
 * @param config as pino's options have it, where these change the keys
 */
export function pinoStream(config: PinoConfig = {}): Writable {
  return new Writable({
    decodeStrings: false,
    // Called within the caller's own `write`, so in its context; nothing waits here.
    write(chunk: string | Buffer, _encoding, done) {
      logLine(String(chunk), config);
      done();
    },
  });
}

function logLine(line: string, config: PinoConfig): void {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    record = undefined;
  }
  if (typeof record === 'object' && record !== null) logPinoRecord(record as Record<string, unknown>, config);
  else currentLogger().log('INFO', line.trimEnd());
}

/** What `pino.transport` gives in its `options`: what the worker's logger is set up with. */
export type PinoTransportOptions = Omit<LoggerOptions, 'onError'>;

/** What pino-abstract-transport adds to its stream. */
interface PinoSource extends Transform {
  readonly messageKey?: string;
  readonly errorKey?: string;
  readonly levels?: { readonly labels?: Readonly<Record<number, string>> };
}

/**
 * The transport that pino loads into its worker for `pino.transport({ target: '@tailrace/logger/pino', options })`. The
 * logger is the worker's own; it is closed when pino ends the worker, so what pino has passed on is stored or spooled.
 *
 * @param options those of `configureLogger` that are no functions; none: `REDIS_URL` and `LOG_LEVEL` are taken
 * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
 */
export default async function pinoTransport(options: PinoTransportOptions = {}): Promise<Transform> {
  const { default: build } = await import('pino-abstract-transport');
  // pino adds to the options what its worker is started with.
  const own = Object.fromEntries(
    Object.entries(options).filter(([name]) => name !== 'pinoWillSendConfig' && !name.startsWith('$')),
  );
  if (Object.keys(own).length > 0) configureLogger(own);
  return build(
    async (source) => {
      const { messageKey, errorKey, levels } = source as PinoSource;
      const config = { messageKey, errorKey, labels: levels?.labels };
      source.on('unknown', (line) => currentLogger().log('INFO', line));
      for await (const record of source) logPinoRecord(record as Record<string, unknown>, config);
    },
    {
      expectPinoConfig: true,
      close: async () => {
        await close();
      },
    },
  );
}
