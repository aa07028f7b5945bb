import { HISTOGRAM_SPLITS, TOP_FIELDS } from '@tailrace/schema';
import { Argument, type Command, Option } from 'commander';
import type { Context, OpenContext } from '../context.js';
import { printableJson } from '../print/printable.js';
import { nothingFound } from '../query/asked-text.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import { given, type QueryParameters } from '../query/query-parameters.js';
import { eventsText } from './events-text.js';
import { histogramText } from './histogram-text.js';
import { rankingLines } from './ranking.js';
import { summaryText } from './summary-text.js';

/** What a summary is at most and at least wide; it is 80 where there is no terminal. */
const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 120;
/** Columns of the chart of a summary. */
const CHART_BUCKETS = 60;
/** The parameters `/logs/events` takes. */
const EVENT_PARAMETERS = new Set(['hours', 'from', 'to', 'event']);

/** Adds `stats`, `events`, `top` and `histogram`. */
export function addStatisticsCommands(program: Command, openContext: OpenContext): void {
  addStats(program, openContext);
  addEvents(program, openContext);
  addTop(program, openContext);
  addHistogram(program, openContext);
}

function addStats(program: Command, openContext: OpenContext): void {
  const command = program
    .command('stats')
    .description('Show figures: requests, errors, response times, visitors, statuses, levels, paths, events');
  addQueryFlags(command, 'window');
  command.action(async () => {
    const context = openContext(command);
    const { gateway } = context;
    const query = queryOf(command);
    const [stats, histogram, paths, ips, events] = await Promise.all([
      gateway.stats(given(query)),
      gateway.histogram(given({ ...query, buckets: String(CHART_BUCKETS), split: 'status' })),
      gateway.top(given({ ...query, by: 'path' })),
      gateway.top(given({ ...query, by: 'ip' })),
      hasEvents(query) ? gateway.events(given(query)) : undefined,
    ]);
    const replies = { stats, histogram, paths, ips, events };
    await show(context, replies, () => summaryText(replies, context.palette, widthOf(context)));
  });
}

function addEvents(program: Command, openContext: OpenContext): void {
  const command = program.command('events').description('Count entries by event and hour');
  for (const name of EVENT_PARAMETERS) command.option(`--${name} <value>`);
  command.action(async () => {
    const context = openContext(command);
    const reply = await context.gateway.events(given(queryOf(command)));
    await show(context, reply, () => eventsText(reply, context.palette, widthOf(context)));
    if (reply.events.length === 0) await context.hint(nothingFound('events', queryOf(command)));
  });
}

function addTop(program: Command, openContext: OpenContext): void {
  const command = program
    .command('top')
    .description('Show the most frequent values')
    .addArgument(new Argument('<field>').choices(TOP_FIELDS))
    .option('--limit <count>', 'How many. Default: 10');
  addQueryFlags(command, 'window');
  command.action(async (by: string, { limit }: { limit?: string }) => {
    const context = openContext(command);
    const query = { ...queryOf(command), by, limit };
    const reply = await context.gateway.top(given(query));
    await show(context, reply, () => {
      const rows = reply.top.map(({ value, count }) => ({
        name: by === 'path' ? value.replace(':', ' ') : value,
        count,
      }));
      return rankingLines(rows, widthOf(context))
        .map((line) => `${line.slice(2)}\n`)
        .join('');
    });
    if (reply.top.length === 0)
      await context.hint(nothingFound(`requests with a known ${by}`, queryOf(command)));
    await hintCoverage(context, reply);
  });
}

function addHistogram(program: Command, openContext: OpenContext): void {
  const command = program
    .command('histogram')
    .description('Count entries over time')
    .option('--buckets <count>', 'Parts the window is cut into. Default: 24')
    .addOption(new Option('--split <by>', 'none, status (class) or level').choices(HISTOGRAM_SPLITS));
  addQueryFlags(command, 'window');
  command.action(async ({ buckets, split }: { buckets?: string; split?: string }) => {
    const context = openContext(command);
    const query = { ...queryOf(command), buckets: buckets || '24', split };
    const reply = await context.gateway.histogram(given(query));
    await show(context, reply, () => histogramText(reply, context.palette, widthOf(context)));
    await hintCoverage(context, reply);
  });
}

function hasEvents(query: QueryParameters): boolean {
  return Object.entries(query).every(([name, value]) => !value || EVENT_PARAMETERS.has(name));
}

async function show(
  { json, out }: Pick<Context, 'json' | 'out'>,
  reply: unknown,
  text: () => string,
): Promise<void> {
  await out.write(json ? `${printableJson(reply)}\n` : text());
}

async function hintCoverage(
  { hint }: Pick<Context, 'hint'>,
  { exact, note }: { readonly exact: boolean; readonly note: string | null },
): Promise<void> {
  if (!exact && note !== null) await hint(note);
}

function widthOf({ out }: Pick<Context, 'out'>): number {
  return Math.min(MAX_WIDTH, out.columns ?? DEFAULT_WIDTH);
}
