import { DEFAULT_LIMIT, filterShape, logQuerySchema } from '@tailrace/schema';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { QueryParameters } from '../gateway.js';

/** Parameters paging works with; users give `--limit` and `--all` instead. */
const PAGING = new Set(['cursor', 'limit']);
const WINDOW_AND_FILTERS = Object.entries(logQuerySchema.shape).filter(([name]) => !PAGING.has(name));
const FILTERS = Object.entries(filterShape);

/**
 * Gives a command one flag for each filter of the schema (`min_level` is `--min-level`); what a value may be, the
 * gateway knows and says.
 *
 * @param parts `window`: also `--hours`, `--from`, `--to`
 * @param fixed a filter the command's own argument sets
 */
export function addQueryFlags(command: Command, parts: 'window' | 'filters', fixed?: string): void {
  for (const [name, schema] of parts === 'window' ? WINDOW_AND_FILTERS : FILTERS) {
    if (name === fixed) continue;
    command.addOption(new Option(`--${name.replaceAll('_', '-')} <value>`, schema.description ?? ''));
  }
}

/** The query parameters that were given as flags; a flag with an empty value was not given. */
export function queryOf(command: Command): QueryParameters {
  const options = command.opts<Record<string, string>>();
  const given = command.options.flatMap((option): [string, string | undefined][] => {
    const name = option.name().replaceAll('-', '_');
    return name in logQuerySchema.shape && !PAGING.has(name) ? [[name, options[option.attributeName()]]] : [];
  });
  return Object.fromEntries(given);
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
