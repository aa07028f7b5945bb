import { createHash } from 'node:crypto';
import { shardTag } from '@tailrace/redis/without-client';
import type { ResolvedOptions } from '../logger-options.js';
import type { SpoolPlace } from '../spool/spool-directory.js';
import type { EntrySink } from './entry-sink.js';

/** @returns `undefined` when there is to be no spool. */
export function spoolPlace(options: ResolvedOptions, sink?: EntrySink): SpoolPlace | undefined {
  const { spoolDir, redis, keyPrefix } = options;
  if (spoolDir === false) return undefined;
  if (sink !== undefined) return { spoolDir, target: sink.identity.slice(0, 16), keyPrefix: '' };
  const target = createHash('sha256').update(`${redis.identity} ${keyPrefix}`).digest('hex').slice(0, 16);
  const shard = redis.cluster && `${shardTag(redis.cluster.number)}:`;
  return { spoolDir, target, keyPrefix: `${shard ?? ''}${keyPrefix}` };
}

/** Says that entries in files cannot be stored. @param fault what was wrong with the last of them, when the record is whole */
export function lostMessage(count: number, place: string, fault: string | undefined): string {
  const reason = fault === undefined ? 'the files are damaged' : fault;
  return `${count} entries in ${place} are lost: ${reason}`;
}
