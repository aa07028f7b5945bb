import { createHash } from 'node:crypto';
import type { EntrySink } from '../delivery/entry-sink.js';
import { type OtlpOptions, resolveOtlp } from './otlp-options.js';
import { OtlpWriter } from './otlp-writer.js';

export type { EntrySink } from '../delivery/entry-sink.js';
export type { OtlpOptions } from './otlp-options.js';
export type { ResourceAttributes } from './otlp-records.js';

/**
 * Sends what is logged by OTLP/HTTP as well, or instead of to Redis: `configureLogger({ sink: otlp({ url }) })`. It has a queue and a
 * spool of its own, so a receiver that is away or slow holds nothing else up.
 *
 * A request whose answer is lost is sent again, and OTLP has no way to say that it is the same: records may come twice, each
 * with the same `log.record.uid`.
 *
 * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
 */
export function otlp(options: OtlpOptions): EntrySink {
  const resolved = resolveOtlp(options);
  const { url, instead } = resolved;
  return {
    // A password in it is nothing for the name of a file.
    identity: createHash('sha256').update(`otlp ${url.href}`).digest('hex'),
    isAlone: instead,
    openWriter: (parts) => new OtlpWriter(resolved, parts),
  };
}
