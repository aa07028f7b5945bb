import type { Client } from '@tailrace/client';
import { client } from '../state/api.js';

export const RUN_PARTS = [
  ['runs', 'Runs'],
  ['costs', 'Costs'],
] as const;

type Call = NonNullable<Parameters<Client['search']>[1]>;
type RunReply = Awaited<ReturnType<typeof askRun>>;
export type Run = RunReply['run'];
export type Moment = RunReply['timeline'][number];

/** One run, moment by moment. */
export function askRun(id: string, call: Call) {
  return client.ask('GET /api/runs/{id}', { path: { id }, ...call });
}

/** The colour of how something ended. */
export function toneOf(status: string | null): string {
  if (status === 'SUCCESS') return 'complete';
  if (status === 'RUNNING' || status === null) return '';
  return 'failed';
}

/** `$1.20`, `$0.0012`. */
export function costText(usd: number): string {
  if (usd === 0) return '$0';
  return usd >= 1
    ? `$${usd.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
    : `$${Number(usd.toPrecision(3))}`;
}
