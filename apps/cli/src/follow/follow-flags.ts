import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import type { QueryParameters } from '../query/query-parameters.js';

/** What `follow` was asked for. */
export interface FollowOrder {
  readonly query: QueryParameters;
  /** Between refreshes; 0 shows entries at once. */
  readonly intervalMs: number;
  readonly expand: boolean;
  readonly zone: 'utc' | 'local';
}

interface Flags {
  readonly interval?: string;
  readonly tail?: string;
  readonly expand?: boolean;
  readonly utc?: boolean;
  readonly local?: boolean;
}

const MAX_INTERVAL_S = 86_400;

/** Adds the argument and the flags of `follow`. */
export function addFollowFlags(command: Command): void {
  command
    .argument('[interval]', 'Seconds between refreshes, 0: at once; what is no number is words to search for')
    .option('--interval <seconds>', 'The same as the argument')
    .option('--tail <count>', 'Begin with so many of the last entries. Default: 0')
    .option('--expand', 'Show data, error stack and causes, and all other fields under each line');
  addQueryFlags(command, 'filters');
}

/** @throws CliError when the interval is none. */
export function followOrderOf(command: Command, argument: string | undefined): FollowOrder {
  const { interval, tail, expand, utc, local } = command.optsWithGlobals<Flags>();
  const words = argument && !isNumber(argument) ? argument : undefined;
  const seconds = interval || (words === undefined ? argument : undefined) || '0';
  if (!isNumber(seconds) || Number(seconds) < 0 || Number(seconds) > MAX_INTERVAL_S) {
    throw new CliError(`the interval must be a number of seconds from 0 to ${MAX_INTERVAL_S}`, {
      exitCode: 2,
    });
  }
  const filters = queryOf(command);
  const q = [filters.q, words].filter(Boolean).join(' ');
  return {
    query: { ...filters, tail, q },
    intervalMs: Number(seconds) * 1000,
    expand: expand === true,
    zone: local && !utc ? 'local' : 'utc',
  };
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && !Number.isNaN(Number(text));
}
