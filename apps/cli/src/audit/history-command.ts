import type { EntityReply } from '@tailrace/api';
import { changeText } from '@tailrace/audit';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { entryTime } from '../print/entry-time.js';
import type { Palette } from '../print/palette.js';
import { printable, printableJson } from '../print/printable.js';
import { limitOf, timeOf } from '../query/query-flags.js';
import { given } from '../query/query-parameters.js';

/** Entries a page. */
const MAX_PAGE = 1000;

interface HistoryFlags {
  readonly hours?: string;
  readonly from?: string;
  readonly to?: string;
  readonly user?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly local?: boolean;
  readonly utc?: boolean;
}

/** Adds `history <entity>`: what was done to one entity, with the values that changed. */
export function addHistoryCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('history')
    .description('Show what was done to an entity, named type:id, and which values changed')
    .argument('<entity>')
    .option('--hours <hours>', 'Hours to look back. Default: all that is kept')
    .option('--from <time>')
    .option('--to <time>')
    .option('--user <id>', 'Done by this user')
    .option('--action <action>', 'Such as user.updated, or user.*')
    .addOption(new Option('--outcome <outcome>', 'success or failure'))
    .option('--limit <count>', 'Newest entries to show. Default: 100')
    .option('--all', 'Show every entry');
  command.action(async (entity: string) => {
    const { gateway, json, out, palette, hint } = openContext(command);
    const path = entityOf(entity);
    const flags = command.optsWithGlobals<HistoryFlags>();
    const { hours, user, action, outcome } = flags;
    const window = { hours, from: timeOf(command, flags.from), to: timeOf(command, flags.to) };
    const pages: EntityReply['audit'][] = [];
    let left = limitOf(command);
    let cursor: string | null = null;
    do {
      const query = {
        ...window,
        user,
        action,
        outcome,
        limit: String(Math.min(left, MAX_PAGE)),
        cursor: cursor ?? '',
      };
      const reply: EntityReply = await gateway.ask('GET /api/audit/entities/{type}/{id}', {
        path,
        query: given<'GET /api/audit/entities/{type}/{id}'>(query),
      });
      pages.unshift(reply.audit);
      left -= reply.audit.length;
      cursor = left > 0 ? reply.next_cursor : null;
    } while (cursor !== null);
    const zone = flags.local && !flags.utc ? 'local' : 'utc';
    for (const entry of pages.flat()) {
      await out.write(json ? `${printableJson(entry)}\n` : historyText(entry, palette, zone));
    }
    if (pages.every((page) => page.length === 0)) await hint(printable(`no audit entries of ${entity}`));
  });
}

function historyText(entry: EntityReply['audit'][number], palette: Palette, zone: 'utc' | 'local'): string {
  const { timestamp, action, actor, outcome, reason, changes } = entry;
  const head = [
    palette.dim(entryTime(timestamp, zone)),
    outcome === 'failure' ? palette.error(`${printable(action)} failed`) : printable(action),
    `by ${printable(actorText(actor))}`,
    ...(typeof reason === 'string' ? [`(${printable(reason)})`] : []),
  ].join(' ');
  const lines = changes.map((change) => `    ${printable(changeText(change))}\n`);
  return `${head}\n${lines.join('')}`;
}

function actorText(actor: EntityReply['audit'][number]['actor']): string {
  const { id = 'nobody named', name } = actor ?? {};
  return typeof name === 'string' ? `${name} (${id})` : String(id);
}

/** @throws CliError for a text that is not `type:id`. */
function entityOf(text: string): { readonly type: string; readonly id: string } {
  const [, type = '', id = ''] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  // `..` and `.` would not survive URL parsing.
  if (/^\.{0,2}$/.test(type) || /^\.{0,2}$/.test(id)) {
    throw new CliError(`the entity is "${printable(text)}"; allowed: type:id, such as user:42`, {
      exitCode: 2,
    });
  }
  return { type, id };
}
