import { type Command, Option } from 'commander';
import { addAuditCommands } from '../audit/audit-commands.js';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { GROUP_STATES, showErrorGroups } from '../insight/groups-commands.js';
import { addMarkCommands } from '../insight/mark-commands.js';
import { nothingFound } from './asked-text.js';
import { type EntriesEndpoint, oldestFirst, readPages } from './pages.js';
import { addPagingFlags, addQueryFlags, limitOf, queryOf } from './query-flags.js';
import type { QueryParameters } from './query-parameters.js';

/** A command that shows entries. */
interface Lookup {
  readonly name: string;
  readonly summary: string;
  /** @default GET /logs */
  readonly endpoint?: EntriesEndpoint;
  /** Filters that are always set. */
  readonly filters?: QueryParameters;
  /** What it finds. @default entries */
  readonly things?: string;
  /** With `--groups` it shows groups of errors instead. @default false */
  readonly hasGroups?: true;
  /** The command's argument, and the filter it sets. */
  readonly argument?: { readonly name: string; readonly filter: string };
  /** Adds commands below it. */
  readonly addMore?: (command: Command, openContext: OpenContext) => void;
}

/**
 * A line here is a command. Those that look something up by a value ask `/logs` with the value as a filter, which
 * `/logs/ip/{ip}` and its like are short for: as part of a path, `..` or `.` would not survive URL parsing.
 */
const LOOKUPS: readonly Lookup[] = [
  { name: 'logs', summary: 'Show recent entries' },
  {
    name: 'search',
    summary: 'Show entries with these words, in any case, all of them; put "a phrase" in quotes of its own',
    endpoint: 'GET /logs/search',
    argument: { name: '[words...]', filter: 'q' },
  },
  {
    name: 'errors',
    summary: 'Show errors: level ERROR and up, and status 400 and up',
    endpoint: 'GET /logs/errors',
    things: 'errors',
    hasGroups: true,
    addMore: addMarkCommands,
  },
  { name: 'ip', summary: 'Show what a client IP did', argument: { name: '<ip>', filter: 'ip' } },
  {
    name: 'host',
    summary: "Show entries by the proxy's host name, the one requests were made to",
    argument: { name: '<hostname>', filter: 'host' },
  },
  { name: 'proxy', summary: 'The same as host', argument: { name: '<hostname>', filter: 'host' } },
  {
    name: 'fqdn',
    summary: "Show entries by the client's host name",
    argument: { name: '<hostname>', filter: 'fqdn' },
  },
  {
    name: 'hostname',
    summary: "Show entries by host name, the client's or the proxy's",
    argument: { name: '<hostname>', filter: 'hostname' },
  },
  { name: 'user', summary: 'Show what a user did', argument: { name: '<user-id>', filter: 'user' } },
  { name: 'session', summary: 'Show a session', argument: { name: '<session-id>', filter: 'session' } },
  { name: 'client', summary: 'Show an OAuth client', argument: { name: '<client-id>', filter: 'client' } },
  { name: 'trace', summary: 'Show a trace', argument: { name: '<trace-id>', filter: 'trace' } },
  {
    name: 'object',
    summary: 'Show what happened to an object, such as vm-123',
    argument: { name: '<object-id>', filter: 'object' },
  },
  {
    name: 'audit',
    things: 'audit entries',
    filters: { level: 'AUDIT' },
    summary: 'Show who did what',
    addMore: addAuditCommands,
  },
  {
    name: 'entity',
    things: 'audit entries',
    filters: { level: 'AUDIT' },
    summary: 'Show who did what to an entity, named type:id, such as user:42',
    argument: { name: '<entity>', filter: 'object' },
  },
  {
    name: 'method',
    things: 'requests',
    // An entry of another kind may have a method as well.
    filters: { kind: 'request' },
    summary: 'Show requests of an HTTP method',
    argument: { name: '<method>', filter: 'method' },
  },
  {
    name: 'status',
    things: 'requests',
    summary: 'Show requests by status: 404, 4xx or 500-599',
    argument: { name: '<code>', filter: 'status' },
  },
  {
    name: 'path',
    things: 'requests',
    summary: 'Show requests by path; * stands for any characters',
    argument: { name: '<pattern>', filter: 'path' },
  },
];

/** Adds every lookup command to the program. */
export function addLookupCommands(program: Command, openContext: OpenContext): void {
  for (const lookup of LOOKUPS) addLookup(program, lookup, openContext);
}

function addLookup(program: Command, lookup: Lookup, openContext: OpenContext): void {
  const command = program.command(lookup.name).description(lookup.summary);
  if (lookup.argument) command.argument(lookup.argument.name);
  addPagingFlags(command);
  if (lookup.hasGroups) {
    command
      .option('--groups', 'Show errors with one cause as one line, new ones first; --limit of them')
      .option(
        '--baseline <hours>',
        'With --groups: hours before the window that say what is not new. Default: 24',
      )
      .addOption(
        new Option('--show <state>', 'With --groups: only those of this state').choices(GROUP_STATES),
      );
  }
  addQueryFlags(command, 'window', lookup.argument?.filter);
  command.action(async () => {
    const context = openContext(command);
    if (command.opts<{ groups?: true }>().groups) return showErrorGroups(command, context);
    const asked = { ...queryOf(command), ...argumentOf(command, lookup) };
    const query = { ...asked, ...lookup.filters };
    const pages = readPages(context.gateway, lookup.endpoint ?? 'GET /logs', query, limitOf(command));
    let shown = 0;
    for await (const entries of oldestFirst(pages)) {
      await context.print(entries);
      shown += entries.length;
    }
    if (shown === 0) await context.hint(nothingFound(lookup.things ?? 'entries', asked));
  });
  lookup.addMore?.(command, openContext);
}

function argumentOf(command: Command, { argument }: Lookup): Record<string, string> {
  if (argument === undefined) return {};
  const value = command.args.join(' ');
  if (value.trim() === '' && argument.name.startsWith('<')) {
    throw new CliError(`${argument.name} must not be empty`, { exitCode: 2 });
  }
  return { [argument.filter]: value };
}
