import { shardOf } from '@tailrace/schema';
import { canonicalIpCached } from '../entry/known-ips.js';
import type { LogRecord } from './log-record.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The shard of the entry that a record becomes, by the address and the trace that it will have.
 *
 * @param shards how many there are
 * @returns `undefined`: it may go to any
 */
export function shardOfRecord({ fields, line, context }: LogRecord, shards: number): number | undefined {
  const ip = ipIn(fields) ?? ipIn(line as unknown as Fields) ?? ipIn(context);
  if (ip !== undefined) return shardOf({ client_ip: ip }, shards);
  return shardOf({ trace_id: traceIn(fields) ?? traceIn(context) }, shards);
}

/** As an entry gets it: the name in camelCase counts where the other one is not given. */
function ipIn(fields: Fields | undefined): string | undefined {
  const value = fields?.client_ip ?? fields?.clientIp;
  return typeof value === 'string' ? canonicalIpCached(value) : undefined;
}

function traceIn(fields: Fields | undefined): string | undefined {
  const value = fields?.trace_id ?? fields?.traceId;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
