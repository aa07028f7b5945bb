import { DEFAULT_LIMIT, filterShape, logQuerySchema } from '@tailrace/api';
import { takesSeveral } from '@tailrace/schema';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import { printable } from '../print/printable.js';
import type { QueryParameters } from './query-parameters.js';
import { timeFlag } from './time-flag.js';

/** Parameters paging works with; users give `--limit` and `--all` instead. */
const PAGING = new Set(['cursor', 'limit']);
const TIMES = new Set(['from', 'to']);
const WINDOW_AND_FILTERS = Object.entries(logQuerySchema.shape).filter(([name]) => !PAGING.has(name));
const FILTERS = Object.entries(filterShape);

/**
 * Gives a command one flag for each filter of the schema (`min_level` is `--min-level`) and one for its contrary
 * (`--not-min-level`); what a value may be, the gateway knows and says.
 *
 * @param parts `window`: also `--hours`, `--from`, `--to`
 * @param fixed a filter the command's own argument sets
 */
export function addQueryFlags(command: Command, parts: 'window' | 'filters', fixed?: string): void {
  for (const [name, schema] of parts === 'window' ? WINDOW_AND_FILTERS : FILTERS) {
    if (name === fixed) continue;
    const option = new Option(`--${flagOf(name)} <value>`, schema.description ?? '');
    // Of the contraries `--help` says in one line what they are.
    if (name.endsWith('!')) option.hideHelp();
    if (takesSeveral(name)) option.argParser(collect);
    command.addOption(option);
  }
  command.option(
    '--data <path=value>',
    'A field of data: order.id=7, amount=>100, plan!=free, name=a*; all given must fit',
    collect,
  );
  command.addHelpText('after', HELP);
}

const HELP = `
--not-<filter> takes what the filter does not: --not-host a.example, --not-status 2xx.
A filter that has one value of several (not min_*, max_*, outcome, kind, q) may be given more than once: one must fit.`;

/** The query parameters that were given as flags; a flag with an empty value was not given. */
export function queryOf(command: Command): QueryParameters {
  const options = command.opts<Record<string, string | string[]>>();
  const names = Object.keys(logQuerySchema.shape).filter((name) => !PAGING.has(name));
  const attributes = new Map(command.options.map((option) => [option.name(), option.attributeName()]));
  const ofEntries = Object.fromEntries(
    names.flatMap((name): [string, string | readonly string[] | undefined][] => {
      const attribute = attributes.get(flagOf(name));
      if (attribute === undefined) return [];
      const value = options[attribute];
      return [[name, TIMES.has(name) && typeof value === 'string' ? timeOf(command, value) : value]];
    }),
  );
  return { ...ofEntries, ...dataFilters(options.data) };
}

/** `--data plan!=free` is `data.plan!=free`; a path that is given again has several values. */
function dataFilters(given: string | string[] | undefined): QueryParameters {
  const filters: Record<string, string[]> = {};
  for (const text of [given ?? []].flat()) {
    const [, path, negation, value] = /^([^=!<>]+)(!?)=([\s\S]*)$/.exec(text) ?? [];
    if (path === undefined || value === undefined) {
      throw new CliError(`data is "${printable(text)}"; allowed: path=value, path!=value, path=>number`, {
        exitCode: 2,
      });
    }
    const name = `data.${path}${negation}`;
    filters[name] = [...(filters[name] ?? []), value];
  }
  return filters;
}

/** A time that was given as a flag, in the form the gateway reads. @see timeFlag */
export function timeOf(command: Command, text: string | undefined): string | undefined {
  const { local, utc } = command.optsWithGlobals<{ local?: boolean; utc?: boolean }>();
  return text === undefined ? undefined : timeFlag(text, local && !utc ? 'local' : 'utc', Date.now());
}

/** `min_level!` is `--not-min-level`. */
function flagOf(name: string): string {
  const flag = name.replace(/!$/, '').replaceAll('_', '-');
  return name.endsWith('!') ? `not-${flag}` : flag;
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return value === '' ? earlier : [...earlier, value];
}

/** Adds `--limit` and `--all`. */
export function addPagingFlags(command: Command): void {
  command
    .option('--limit <count>', `Newest entries to show. Default: ${DEFAULT_LIMIT}`)
    .option('--all', 'Show every match in the window');
}

/**
 * How many entries to show; more than a page are read page by page.
 *
 * @throws CliError when `--limit` is no number of entries.
 */
export function limitOf(command: Command): number {
  const { limit, all } = command.opts<{ limit?: string; all?: boolean }>();
  if (all) return Number.POSITIVE_INFINITY;
  const count = Number(limit || DEFAULT_LIMIT);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new CliError('the limit must be a whole number of at least 1', { exitCode: 2 });
  }
  return count;
}
