import type { AnalyticsReply } from '@tailrace/api';
import { ErrorGroups } from '@tailrace/insight';
import type { Coverage, Summary, Top } from '@tailrace/query';
import { DAY_MS, type Filter, type TimeWindow } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { understandQuery } from '../http/query/understood-query.js';
import { lookAt } from './looked-at.js';

type Compared = AnalyticsReply['volume']['entries'];
type Ranked = AnalyticsReply['top']['paths'];

const WEEK_MS = 7 * DAY_MS;
const TOP = 10;
/** More of the week before, so that what was frequent then is found. */
const TOP_BEFORE = 100;
const NEW_ERRORS = 10;
const BASELINE_HOURS = 24;

/** Answers `/api/analytics`: the figures of a window beside those of the same span a week before. */
export function analyticsHandlers({ statistics, reader, insight, now = Date.now }: GatewayDeps) {
  return {
    'GET /api/analytics': async ({ c, query }): Promise<AnalyticsReply> => {
      const { filter, window, shown } = understandQuery(query, now());
      const before = { from: window.from - WEEK_MS, to: window.to - WEEK_MS };
      const { signal } = c.req.raw;
      const ask = async (of: TimeWindow, limit: number) => ({
        summary: await statistics.summary({ filter, window: of }, { signal }),
        paths: await statistics.top({ filter, window: of, by: 'path', limit }, { signal }),
        ips: await statistics.top({ filter, window: of, by: 'ip', limit }, { signal }),
        events: hasOnlyEvents(filter)
          ? await statistics.events(of, [filter.event ?? []].flat(), { signal })
          : undefined,
      });
      const [a, b] = [await ask(window, TOP), await ask(before, TOP_BEFORE)];
      const groups = new ErrorGroups({ marks: await insight?.marks.marks(), now: now() });
      const looked = await lookAt(
        { reader, filter, window, baselineHours: BASELINE_HOURS, errorsOnly: true, signal },
        (entry, isBefore) => (isBefore ? groups.addKnown(entry) : groups.add(entry)),
      );
      const notes = [...coveragesOf(a), ...coveragesOf(b)].flatMap(({ isExact, note }) =>
        isExact ? [] : [note ?? ''],
      );
      if (!looked.isExact) notes.push('too many errors to look at all: only the newest are grouped');
      return {
        query: shown,
        from: timeOf(window.from),
        to: timeOf(window.to),
        before: { from: timeOf(before.from), to: timeOf(before.to) },
        exact: notes.length === 0,
        notes: [...new Set(notes)].filter((note) => note !== ''),
        ...figuresOf(a.summary, b.summary),
        top: {
          paths: ranked(a.paths.top, b.paths.top),
          ips: ranked(a.ips.top, b.ips.top),
          events: ranked([...(a.events?.totals ?? [])], [...(b.events?.totals ?? [])]),
        },
        new_errors: groups
          .list()
          .filter(({ state }) => state === 'new')
          .slice(0, NEW_ERRORS)
          .map(({ id, type, code, message, count }) => ({ fingerprint: id, type, code, message, count })),
      };
    },
  } satisfies Partial<Handlers>;
}

function hasOnlyEvents(filter: Filter): boolean {
  return Object.entries(filter).every(([name, value]) => value === undefined || name === 'event');
}

function figuresOf(
  now: Summary,
  before: Summary,
): Pick<AnalyticsReply, 'volume' | 'rates' | 'response_times'> {
  const of = (read: (summary: Summary) => number | null) => compared(read(now), read(before));
  return {
    volume: {
      entries: of(({ entries }) => entries.total),
      requests: of(({ requests }) => total(requests.byStatus)),
      bytes_sent: of(({ entries }) => entries.bytesSent),
      visitors: of(({ uniqueVisitors }) => uniqueVisitors.count),
    },
    rates: {
      requests_per_second: of(
        ({ requests: { byStatus, coverage } }) => total(byStatus) / secondsOf(coverage),
      ),
      error_rate: of(({ requests: { byStatus } }) => {
        const failed = total([...byStatus].filter(([status]) => Number(status) >= 400));
        return total(byStatus) === 0 ? null : failed / total(byStatus);
      }),
    },
    response_times: {
      p50_ms: of(({ responseTimes }) => responseTimes.p50),
      p90_ms: of(({ responseTimes }) => responseTimes.p90),
      p95_ms: of(({ responseTimes }) => responseTimes.p95),
      p99_ms: of(({ responseTimes }) => responseTimes.p99),
    },
  };
}

function compared(now: number | null, before: number | null): Compared {
  const change = now === null || before === null || before === 0 ? null : now / before - 1;
  return { now, before, change };
}

function ranked(now: Top['top'], before: Top['top']): Ranked {
  const past = new Map(before);
  return [...now]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, TOP)
    .map(([value, count]) => ({ value, count, before: past.get(value) ?? 0 }));
}

function coveragesOf({
  summary,
  paths,
  ips,
  events,
}: {
  readonly summary: Summary;
  readonly paths: Top;
  readonly ips: Top;
  readonly events: { readonly coverage: Coverage } | undefined;
}): Coverage[] {
  const { requests, entries, responseTimes, uniqueVisitors } = summary;
  const own = [requests, entries, responseTimes, uniqueVisitors, paths, ips].map(({ coverage }) => coverage);
  return events === undefined ? own : [...own, events.coverage];
}

function total(byStatus: Iterable<readonly [string, number]>): number {
  return [...byStatus].reduce((sum, [, count]) => sum + count, 0);
}

function secondsOf({ from, to }: Coverage): number {
  return Math.max(to - from, 1) / 1_000;
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}
