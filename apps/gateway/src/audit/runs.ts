import type { RunReply, RunsReply } from '@tailrace/api';
import {
  createCostReport,
  type RunSummary,
  readBreakglass,
  runOf,
  runTimeline,
  summarizeRun,
} from '@tailrace/audit';
import { type Entry, encodeCursor, type Filter, RUN_EVENTS, runObject } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { understandQuery } from '../http/query/understood-query.js';
import { readAll } from './read-all.js';

/** Moments of one run that are replied. */
const MAX_MOMENTS = 10_000;
/** Costs one report reads; activations and decisions one list of breakglass does. */
const MAX_READ = 200_000;

/** Answers the endpoints of runs, costs and breakglass. */
export function runHandlers({ reader, now = Date.now }: GatewayDeps) {
  return {
    'GET /api/runs': async ({ c, query }): Promise<RunsReply> => {
      const { window, limit, cursor, filter, shown } = understandQuery(query, now());
      const { signal } = c.req.raw;
      const audit = { level: 'AUDIT', ...filter } as const;
      const starts = await reader.search(
        { filter: { ...audit, event: RUN_EVENTS.runStart }, window, limit, cursor },
        { signal },
      );
      const byRun = new Map<string, Entry[]>();
      for (const entry of starts.entries) {
        const run = runOf(entry);
        if (run !== undefined) byRun.set(run, [entry]);
      }
      const isPartial =
        byRun.size > 0 && (await readEnds([...byRun.keys()], starts.entries[0]?.timestamp ?? 0));
      const runs = [...byRun].map(([run, entries]) => shownRun(summarizeRun(run, entries)));
      const next = starts.nextCursor === null ? null : encodeCursor(starts.nextCursor);
      return {
        query: shown,
        runs,
        count: runs.length,
        next_cursor: next,
        partial: starts.partial || isPartial,
      };

      function readEnds(runs: readonly string[], from: number): Promise<boolean> {
        const ends: Filter = { level: 'AUDIT', event: RUN_EVENTS.runEnd, object: runs.map(runObject) };
        const asked = { filter: ends, window: { from, to: now() }, max: MAX_MOMENTS, signal };
        return readAll(reader, asked, (entry) => byRun.get(runOf(entry) ?? '')?.push(entry));
      }
    },
    'GET /api/runs/{id}': async ({ c, path: { id } }): Promise<RunReply> => {
      const entries: Entry[] = [];
      const window = { from: 0, to: now() };
      const { signal } = c.req.raw;
      const asked = { filter: { object: runObject(id) }, window, max: MAX_MOMENTS, signal };
      const partial = await readAll(reader, asked, (entry) => entries.push(entry));
      entries.reverse();
      if (entries.length === 0)
        throw new RequestError('not_found', `there is no run ${shownValue(id)}`, 'id');
      const timeline = runTimeline(entries).map((moment) => ({
        ...moment,
        timestamp: isoOf(moment.timestamp),
      }));
      return { run: shownRun(summarizeRun(id, entries)), timeline, partial };
    },
    'GET /api/costs': async ({ c, query }) => {
      const { window, filter, shown } = understandQuery(query, now());
      const { by, run, user } = filter;
      const report = createCostReport(by);
      const costs: Filter = {
        level: 'AUDIT',
        event: RUN_EVENTS.cost,
        user,
        ...(run !== undefined && { object: runObject(run) }),
      };
      const asked = { filter: costs, window, max: MAX_READ, signal: c.req.raw.signal };
      const partial = await readAll(reader, asked, ({ timestamp, data = {} }) =>
        report.add({ timestamp, data }),
      );
      return { query: shown, ...report.read(), partial };
    },
    'GET /api/audit/breakglass': async ({ c, query }) => {
      const whole = query.hours === undefined && query.from === undefined ? { ...query, from: 0 } : query;
      const { window, filter, shown } = understandQuery(whole, now());
      const found: Entry[] = [];
      const { signal } = c.req.raw;
      const read = (only: Filter) =>
        readAll(reader, { filter: { level: 'AUDIT', ...only }, window, max: MAX_READ, signal }, (entry) =>
          found.push(entry),
        );
      const isPartial = [
        await read({ event: RUN_EVENTS.breakglass }),
        await read({ event: RUN_EVENTS.policy, 'data.breakglass': '*' }),
      ].includes(true);
      const all = readBreakglass(found, now()).filter(({ is_active, uses }) => {
        if (filter.state === 'used') return uses > 0;
        return filter.state === undefined || is_active === (filter.state === 'active');
      });
      const breakglass = all.map((one) => ({
        ...one,
        affected_validators: [...one.affected_validators],
        affected_decisions: [...one.affected_decisions],
      }));
      return { query: shown, breakglass, count: all.length, partial: isPartial };
    },
  } satisfies Partial<Handlers>;
}

function shownRun({ started, ended, ...rest }: RunSummary): RunsReply['runs'][number] {
  return {
    ...rest,
    started: started === null ? null : isoOf(started),
    ended: ended === null ? null : isoOf(ended),
  };
}

function isoOf(timestamp: number): string {
  return new Date(timestamp).toISOString();
}
