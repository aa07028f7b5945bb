import type { EventsReply, HistogramReply, StatsReply, TopReply } from '@tailrace/api';
import type { Level } from '@tailrace/schema';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { columns } from './bars.js';
import { shownBytes, shownCount, shownDuration, shownRate, shownShare, shownSpan } from './figures.js';
import { type Ranked, rankingLines } from './ranking.js';

/** What `stats` asks the gateway for. */
export interface SummaryReplies {
  readonly stats: StatsReply;
  readonly histogram: HistogramReply;
  readonly paths: TopReply;
  readonly ips: TopReply;
  /** Undefined where filters are given that events do not have. */
  readonly events: EventsReply | undefined;
}

/** Highest first, as they matter. */
const LEVELS: readonly Level[] = ['AUDIT', 'CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG', 'TRACE'];
const MAX_RANKED = 10;

/** The summary for a terminal of `width` columns. */
export function summaryText(replies: SummaryReplies, palette: Palette, width: number): string {
  const { stats, histogram, paths, ips, events } = replies;
  const { requests, entries } = stats;
  const title = (text: string) => palette.method(text);
  const top = (reply: TopReply) => reply.top.map(({ value, count }): Ranked => ({ name: value, count }));
  const routes = top(paths).map(({ name, count }): Ranked => ({ name: name.replace(':', ' '), count }));
  const section = (name: string, rows: readonly Ranked[], whole?: number) =>
    rows.length === 0 ? [] : ['', title(name), ...rankingLines(rows.slice(0, MAX_RANKED), width, whole)];
  const eventRows = (events?.events ?? []).map(({ event, count }): Ranked => ({ name: event, count }));
  return [
    ...headLines(stats, palette),
    ...timeLines(histogram, palette, width),
    ...section(
      'Status',
      Object.entries(requests.by_status).map(([name, count]) => ({
        name,
        count,
        paint: palette.status(Number(name)),
      })),
      requests.total,
    ),
    ...section(
      'Levels',
      LEVELS.flatMap((level) => {
        const count = entries.by_level[level];
        return count === undefined ? [] : [{ name: level, count, paint: palette.level(level) }];
      }),
      entries.total,
    ),
    ...section('Paths', routes),
    ...section('Client IPs', top(ips)),
    ...section('Events', eventRows),
    ...noteLines(replies, palette),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function headLines(
  { query, requests, entries, response_times: times, unique_visitors }: StatsReply,
  palette: Palette,
) {
  const window = shownSpan({ from: String(query.from), to: String(query.to) });
  const errors = `${shownCount(requests.errors)} errors (${shownShare(requests.errors, requests.total)})`;
  const visitors = unique_visitors.count === null ? 'unknown' : shownCount(unique_visitors.count);
  const percentiles = (['p50', 'p90', 'p95', 'p99'] as const)
    .map((name) => `${palette.dim(name)} ${shownDuration(times[`${name}_ms`])}`)
    .join('  ');
  const line = (name: string, text: string) => `${name.padEnd(16)}${text}`;
  return [
    palette.dim(window),
    line(
      'Requests',
      `${shownCount(requests.total)}  ${shownRate(requests.per_second)}/s  ` +
        (requests.errors > 0 ? palette.error(errors) : errors),
    ),
    line('Response times', percentiles),
    line('Visitors', visitors),
    line('Entries', `${shownCount(entries.total)}  ${shownBytes(entries.bytes_sent)} sent`),
  ];
}

function timeLines(histogram: HistogramReply, palette: Palette, width: number): string[] {
  const counts = histogram.buckets.map(({ count }) => count);
  if (histogram.total === 0) return [];
  const errors = histogram.buckets.map(({ by }) => (by['4xx'] ?? 0) + (by['5xx'] ?? 0));
  const max = Math.max(...counts);
  const [from, to] = [histogram.buckets[0]?.from ?? '', histogram.to].map((time) =>
    printable(time).slice(5, 16).replace('T', ' '),
  ) as [string, string];
  const gap = ' '.repeat(Math.max(1, Math.min(counts.length, width - 12) - from.length - to.length));
  const scale = `each column ${shownLength(histogram.bucket_ms)}, highest ${shownCount(max)}`;
  return [
    '',
    `${palette.method('Requests over time')} ${palette.dim(scale)}`,
    `  ${columns(counts)} ${palette.dim('all')}`,
    ...(errors.some((count) => count > 0)
      ? [`  ${palette.error(columns(errors, max))} ${palette.dim('errors')}`]
      : []),
    palette.dim(`  ${from}${gap}${to}`),
  ];
}

function shownLength(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes >= 120) return `${Number((minutes / 60).toPrecision(3))} h`;
  return minutes >= 2 ? `${Number(minutes.toPrecision(3))} min` : `${Math.round(milliseconds / 1000)} s`;
}

/** What the figures cover where that is not the window, each reason once with what it is about. */
function noteLines({ stats, histogram, paths, ips, events }: SummaryReplies, palette: Palette): string[] {
  const parts = {
    requests: stats.requests,
    'response times': stats.response_times,
    visitors: stats.unique_visitors,
    entries: stats.entries,
    'requests over time': histogram,
    paths,
    'client IPs': ips,
    ...(events && { events }),
  };
  const about = new Map<string, string[]>();
  for (const [name, { exact, note, from, to }] of Object.entries(parts)) {
    if (exact || note === null) continue;
    const reason = `${printable(note)}\n  ${shownSpan({ from, to })}`;
    about.set(reason, [...(about.get(reason) ?? []), name]);
  }
  const lines = [...about].map(([reason, names]) => palette.dim(`${names.join(', ')}: ${reason}`));
  return lines.length === 0 ? [] : ['', ...lines];
}
