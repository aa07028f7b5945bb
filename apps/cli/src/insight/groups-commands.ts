import { type Command, Option } from 'commander';
import type { Context, OpenContext } from '../context.js';
import { printableJson } from '../print/printable.js';
import { nothingFound } from '../query/asked-text.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import { given, type QueryParameters } from '../query/query-parameters.js';
import { errorGroupsText, type GroupsStyle, patternsText } from './groups-text.js';

/** States of groups of errors. */
export const GROUP_STATES = ['new', 'regressed', 'known', 'resolved', 'muted'] as const;

const NOT_ALL =
  'too much to look at all: only the newest part of the window, or of the hours before it, is counted';

/** Adds `error-groups` and `patterns`: entries that say the same, as one line. */
export function addGroupsCommands(program: Command, openContext: OpenContext): void {
  const groups = program
    .command('error-groups')
    .description('Show errors with one cause as one line, new ones first');
  groups.addOption(new Option('--show <state>', 'Only those of this state').choices(GROUP_STATES));
  addGroupFlags(groups);
  addQueryFlags(groups, 'window');
  groups.action(() => showErrorGroups(groups, openContext(groups)));

  const patterns = program
    .command('patterns')
    .description('Show messages without what differs between them, counted')
    .addOption(
      new Option('--show <which>', 'all, or only what is new, gone, or more than usual').choices([
        'all',
        'new',
        'gone',
        'more',
      ]),
    );
  addGroupFlags(patterns);
  addQueryFlags(patterns, 'window');
  patterns.action(async ({ show: which }: { show?: string }) => {
    const context = openContext(patterns);
    const query = { ...groupQueryOf(patterns), show: which };
    const reply = await context.gateway.ask('GET /logs/patterns', { query: given(query) });
    await show(context, reply, (style) => patternsText(reply, style));
    if (reply.patterns.length === 0) await context.hint(nothingFound('patterns', queryOf(patterns)));
  });
}

/** Shows groups of errors, as `error-groups` and `errors --groups` do. */
export async function showErrorGroups(command: Command, context: Context): Promise<void> {
  const { show: which } = command.opts<{ show?: string }>();
  const query = { ...groupQueryOf(command), show: which };
  const reply = await context.gateway.ask('GET /logs/error-groups', { query: given(query) });
  await show(context, reply, (style) => errorGroupsText(reply, style));
  if (reply.groups.length === 0) await context.hint(nothingFound('errors', queryOf(command)));
}

function addGroupFlags(command: Command): void {
  command
    .option('--limit <count>', 'How many. Default: 20')
    .option('--baseline <hours>', 'Hours before the window: what was seen there is not new. Default: 24');
}

function groupQueryOf(command: Command): QueryParameters {
  const { limit, baseline } = command.opts<{ limit?: string; baseline?: string }>();
  return { ...queryOf(command), limit, baseline };
}

async function show(
  { json, out, palette, zone, hint }: Context,
  reply: { readonly exact: boolean },
  text: (style: GroupsStyle) => string,
): Promise<void> {
  const style = { palette, zone, columns: out.columns };
  await out.write(json ? `${printableJson(reply)}\n` : text(style));
  if (!reply.exact) await hint(NOT_ALL);
}
