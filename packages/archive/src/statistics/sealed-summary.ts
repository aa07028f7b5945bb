import { grow, percentilesOf, type Summary } from '@tailrace/query';
import type { Entry } from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import { type Asked, rowsOf } from './asked.js';

/** The figures of `/logs/stats`, of sealed and unsealed entries together. */
export async function summaryOf(duck: Duck, asked: Asked, signal?: AbortSignal): Promise<Summary> {
  const { coverage, fresh } = asked;
  const byStatus = new Map<string, number>();
  const byLevel = new Map<Entry['level'], number>();
  let total = fresh.length;
  let bytesSent = 0;
  const groups = await rowsOf(duck, asked, {
    select: '"is_request", "level", "status_code", count(*), sum("bytes_sent")',
    rest: 'GROUP BY 1, 2, 3',
    signal,
  });
  for (const [isRequest, level, status, count, bytes] of groups) {
    total += Number(count);
    grow(byLevel, level as Entry['level'], Number(count));
    if (isRequest !== true) continue;
    if (status !== null) grow(byStatus, String(status), Number(count));
    bytesSent += Number(bytes ?? 0);
  }
  const times: number[] = [];
  const visitors: string[] = [];
  for (const { kind, level, status_code, bytes_sent, response_time_ms, client_ip } of fresh) {
    grow(byLevel, level);
    if (kind !== 'request') continue;
    if (status_code !== undefined) grow(byStatus, String(status_code));
    bytesSent += bytes_sent ?? 0;
    if (response_time_ms !== undefined) times.push(response_time_ms);
    if (client_ip !== undefined) visitors.push(client_ip);
  }
  return {
    requests: { byStatus, coverage },
    entries: { total, byLevel, bytesSent, coverage },
    responseTimes: { ...(await percentiles(duck, asked, times, signal)), coverage },
    uniqueVisitors: { count: await visitorsOf(duck, asked, visitors, signal), coverage },
  };
}

/** By nearest rank, as {@link percentilesOf}: the ranks of all values together, sorted once. */
async function percentiles(duck: Duck, asked: Asked, times: readonly number[], signal?: AbortSignal) {
  if (asked.sql === undefined) return percentilesOf(times);
  const list = `[${times.map((time) => (Number.isFinite(time) ? time : 0)).join(', ')}]::DOUBLE[]`;
  const [row] = await duck.query(
    `SELECT count(v), quantile_disc(v, [0.5, 0.9, 0.95, 0.99]) FROM (
       SELECT "response_time_ms" AS v ${asked.sql} AND "is_request" AND "response_time_ms" IS NOT NULL
       UNION ALL SELECT unnest(${list}))`,
    { signal },
  );
  const [count, found] = row as [string, (number | null)[] | null];
  const [p50 = null, p90 = null, p95 = null, p99 = null] = found ?? [];
  return { count: Number(count), p50, p90, p95, p99 };
}

async function visitorsOf(
  duck: Duck,
  asked: Asked,
  visitors: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  if (asked.sql === undefined) return new Set(visitors).size;
  const [row] = await duck.query(
    `SELECT count(DISTINCT v) FROM (
       SELECT "client_ip" AS v ${asked.sql} AND "is_request" UNION ALL SELECT unnest(?::VARCHAR[]))`,
    { values: [[...new Set(visitors)]], signal },
  );
  return Number(row?.[0]);
}
