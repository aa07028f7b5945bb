import { DEFAULT_LIMIT, filterShape, logQuerySchema } from '@tailrace/api';
import { takesSeveral } from '@tailrace/schema';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { QueryParameters } from './query-parameters.js';

/** Parameters paging works with; users give `--limit` and `--all` instead. */
const PAGING = new Set(['cursor', 'limit']);
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
  command.addHelpText('after', HELP);
}

const HELP = `
--not-<filter> takes what the filter does not: --not-host a.example, --not-status 2xx.
A filter that has one value of several (not min_*, max_*, outcome, q) may be given more than once: one must fit.`;

/** The query parameters that were given as flags; a flag with an empty value was not given. */
export function queryOf(command: Command): QueryParameters {
  const options = command.opts<Record<string, string | string[]>>();
  const names = Object.keys(logQuerySchema.shape).filter((name) => !PAGING.has(name));
  const attributes = new Map(command.options.map((option) => [option.name(), option.attributeName()]));
  return Object.fromEntries(
    names.flatMap((name): [string, string | readonly string[] | undefined][] => {
      const attribute = attributes.get(flagOf(name));
      return attribute === undefined ? [] : [[name, options[attribute]]];
    }),
  );
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
    throw new CliError('--limit must be a whole number of at least 1', { exitCode: 2 });
  }
  return count;
}
