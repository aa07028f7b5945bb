import type { ErrorGroupsReply, PatternsReply } from '@tailrace/api';
import { type ErrorGroup, ErrorGroups, normalText, type Pattern, PatternMiner } from '@tailrace/insight';
import { HOUR_MS } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { understandQuery } from '../http/query/understood-query.js';
import { type LookedAt, lookAt } from './looked-at.js';

/** From so many times what is usual on a pattern is much more than usual. */
const MUCH_MORE = 3;
/** Occurrences below which nothing is said to be more than usual. */
const MIN_MORE = 10;

/** Answers `/logs/error-groups` and `/logs/patterns`: entries that say the same, as one. */
export function groupHandlers({ reader, now = Date.now }: GatewayDeps) {
  return {
    'GET /logs/error-groups': async ({ c, query }): Promise<ErrorGroupsReply> => {
      const { window, filter: rest, limit, shown } = understandQuery(query, now());
      const { baseline, ...filter } = rest;
      const groups = new ErrorGroups();
      const { signal } = c.req.raw;
      const looked = await lookAt(
        { reader, filter, window, baselineHours: baseline, errorsOnly: true, signal },
        (entry, isBefore) => (isBefore ? groups.addKnown(entry) : groups.add(entry)),
      );
      const list = groups.list();
      return {
        query: shown,
        ...shownCoverage(looked),
        total: list.length,
        overflow: groups.overflow,
        groups: list.slice(0, limit).map(shownGroup),
      };
    },

    'GET /logs/patterns': async ({ c, query }): Promise<PatternsReply> => {
      const { window, filter: rest, limit, shown } = understandQuery(query, now());
      const { baseline, show, ...filter } = rest;
      const miner = new PatternMiner();
      const { signal } = c.req.raw;
      const looked = await lookAt(
        { reader, filter, window, baselineHours: baseline, errorsOnly: false, signal },
        (entry, isBefore) =>
          miner.add(normalText(entry), entry.message, { timestamp: entry.timestamp, isBefore }),
      );
      const patterns = miner.list().map((pattern) => shownPattern(pattern, looked, window.from));
      const wanted = patterns.filter(({ state }) => show === 'all' || show === state);
      return {
        query: shown,
        ...shownCoverage(looked),
        total: wanted.length,
        overflow: miner.overflow,
        patterns: wanted.slice(0, limit),
      };
    },
  } satisfies Partial<Handlers>;
}

function shownCoverage({ from, to, baselineFrom, isExact, entries }: LookedAt) {
  return {
    from: timeOf(from),
    to: timeOf(to),
    baseline_from: baselineFrom === null ? null : timeOf(baselineFrom),
    exact: isExact,
    entries,
  };
}

function shownGroup(group: ErrorGroup): ErrorGroupsReply['groups'][number] {
  const listed = (values: ReadonlySet<string>) => [...values].sort().slice(0, 20);
  return {
    fingerprint: group.id,
    state: group.isKnown ? 'known' : 'new',
    type: group.type,
    code: group.code,
    message: group.message,
    frames: [...group.frames],
    levels: listed(group.levels),
    count: group.count,
    first_seen: timeOf(group.firstSeen),
    last_seen: timeOf(group.lastSeen),
    hours: [...group.hours].sort(([a], [b]) => a - b).map(([hour, count]) => ({ hour: timeOf(hour), count })),
    components: listed(group.components),
    hosts: listed(group.hosts),
    releases: listed(group.releases),
    users: group.users.size,
    ips: group.ips.size,
    sample_id: group.sample.entry,
    sample_trace: group.sample.trace,
  };
}

function shownPattern(
  { id, text, count, before, firstSeen, lastSeen, sample }: Pattern,
  { from, to, baselineFrom }: LookedAt,
  windowFrom: number,
): PatternsReply['patterns'][number] {
  const perHour = count / hoursOf(from, to);
  const beforePerHour = baselineFrom === null ? 0 : before / hoursOf(baselineFrom, windowFrom);
  const isMore = count >= MIN_MORE && perHour >= MUCH_MORE * beforePerHour;
  const compared = before === 0 ? 'new' : count === 0 ? 'gone' : isMore ? 'more' : 'usual';
  return {
    id,
    pattern: text,
    state: baselineFrom === null ? 'usual' : compared,
    count,
    before,
    per_hour: perHour,
    before_per_hour: beforePerHour,
    first_seen: firstSeen === null ? null : timeOf(firstSeen),
    last_seen: lastSeen === null ? null : timeOf(lastSeen),
    sample,
  };
}

function hoursOf(from: number, to: number): number {
  return Math.max(to - from, 1) / HOUR_MS;
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}
