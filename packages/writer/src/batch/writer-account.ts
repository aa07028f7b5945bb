import { hostname } from 'node:os';
import type { DropCounts } from '@tailrace/schema';
import type { Batch } from './batch.js';

/** Fields and values of the writer's hash in Redis, one after the other. */
export type WriterAccount = readonly string[];

const HOST = hostname();
const PID = String(process.pid);
const STARTED = String(Math.round(performance.timeOrigin));
const FIELD = /^(host|pid|started|accepted|dropped_[a-z_]+)$/;

/** What a writer says of itself with every chunk. Counts are cumulative, so the chunk applied last says what is true. */
export function writerAccount(accepted: number, dropped: Readonly<DropCounts>): WriterAccount {
  const record = ['host', HOST, 'pid', PID, 'started', STARTED, 'accepted', String(accepted)];
  for (const [reason, count] of Object.entries(dropped)) record.push(`dropped_${reason}`, String(count));
  return record;
}

/** The account of a writer for a batch: what was taken out of it as refused is lost, what was stored before was never accepted. */
export function accountOf(
  { refused, storedBefore }: Pick<Batch, 'refused' | 'storedBefore'>,
  account: WriterAccount,
): WriterAccount {
  if (refused.length === 0 && storedBefore === undefined) return account;
  const fields = new Map<string, string>();
  for (let i = 0; i < account.length; i += 2) fields.set(account[i] as string, account[i + 1] as string);
  const add = (field: string, count: number) =>
    void fields.set(field, String(Number(fields.get(field) ?? 0) + count));
  for (const { reason } of refused) add(`dropped_${reason}`, 1);
  if (storedBefore !== undefined) add('accepted', -storedBefore.size);
  return [...fields].flat();
}

/** The record a spooled chunk was stored with; nothing when it is none, for files can be edited. */
export function storedAccount(counts: unknown): WriterAccount {
  if (!Array.isArray(counts) || counts.length % 2 !== 0) return [];
  const isRecord = counts.every((part, i) => typeof part === 'string' && (i % 2 === 1 || FIELD.test(part)));
  return isRecord ? counts : [];
}
