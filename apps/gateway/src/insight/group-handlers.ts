import {
  durationMs,
  type ErrorGroupMarkReply,
  type ErrorGroupsReply,
  type PatternsReply,
} from '@tailrace/api';
import {
  type ErrorGroup,
  ErrorGroups,
  type GroupMark,
  type MarkStore,
  normalText,
  type Pattern,
  PatternMiner,
} from '@tailrace/insight';
import { HOUR_MS } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { understandQuery } from '../http/query/understood-query.js';
import { type LookedAt, lookAt } from './looked-at.js';

/** From so many times what is usual on a pattern is much more than usual. */
const MUCH_MORE = 3;
/** Occurrences below which nothing is said to be more than usual. */
const MIN_MORE = 10;

/** Answers `/logs/error-groups` and `/logs/patterns`: entries that say the same, as one. */
export function groupHandlers({ reader, insight, now = Date.now }: GatewayDeps) {
  const marks = (): MarkStore => {
    if (insight === undefined)
      throw new RequestError('not_found', 'this gateway keeps no states of error groups');
    return insight.marks;
  };

  return {
    'GET /logs/error-groups': async ({ c, query }): Promise<ErrorGroupsReply> => {
      const { window, filter: rest, limit, shown } = understandQuery(query, now());
      const { baseline, show, ...filter } = rest;
      const groups = new ErrorGroups({ marks: await insight?.marks.marks(), now: now() });
      const { signal } = c.req.raw;
      const looked = await lookAt(
        { reader, filter, window, baselineHours: baseline, errorsOnly: true, signal },
        (entry, isBefore) => (isBefore ? groups.addKnown(entry) : groups.add(entry)),
      );
      const list = groups.list().filter(({ state }) => show === 'all' || show === state);
      return {
        query: shown,
        ...shownCoverage(looked),
        total: list.length,
        overflow: groups.overflow,
        groups: list.slice(0, limit).map(shownGroup),
      };
    },

    'PUT /logs/error-groups/{fingerprint}': async ({ path, body }): Promise<ErrorGroupMarkReply> => {
      const fingerprint = checkedFingerprint(path.fingerprint);
      const at = now();
      const mark: GroupMark = {
        state: body.state,
        at,
        release: body.release ?? null,
        until: body.for === undefined ? null : at + (durationMs(body.for) ?? 0),
        reason: body.reason ?? null,
      };
      await marks().put(fingerprint, mark);
      return { fingerprint, mark: shownMark(mark) };
    },

    'DELETE /logs/error-groups/{fingerprint}': async ({ path }): Promise<ErrorGroupMarkReply> => {
      const fingerprint = checkedFingerprint(path.fingerprint);
      await marks().remove(fingerprint);
      return { fingerprint, mark: null };
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
    state: group.state,
    mark: group.mark === undefined ? null : shownMark(group.mark),
    regressions: group.regressions,
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

function shownMark({ state, at, release, until, reason }: GroupMark) {
  return { state, at: timeOf(at), release, until: until === null ? null : timeOf(until), reason };
}

/** @throws RequestError when it cannot be the fingerprint of a group */
function checkedFingerprint(given: string): string {
  if (/^[0-9a-f]{16}$/.test(given)) return given;
  throw new RequestError(
    'invalid_parameter',
    `fingerprint is ${shownValue(given)}; allowed: 16 hexadecimal digits, as GET /logs/error-groups shows`,
    'fingerprint',
  );
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
