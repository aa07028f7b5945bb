import { setImmediate as turnOver } from 'node:timers/promises';
import type { StreamEvent } from '@tailrace/client';
import type { EntryReply } from '@tailrace/schema';
import type { Command } from 'commander';
import type { Context, OpenContext } from '../context.js';
import { createEntryPrinter, type EntryPrinter } from '../print/entry-printer.js';
import { highlighterOf } from '../print/highlight.js';
import { given } from '../query/query-parameters.js';
import { addFollowFlags, type FollowOrder, followOrderOf } from './follow-flags.js';
import { showNotice } from './notice.js';

/** With an interval, at most so many entries wait for the next refresh: a burst is shown earlier. */
const MAX_WAITING = 10_000;

/** Adds `follow`: entries as they are written, until SIGINT. */
export function addFollowCommand(program: Command, openContext: OpenContext): void {
  const command = program.command('follow').description('Show entries as they are written, until Ctrl-C');
  addFollowFlags(command);
  command.action(async (argument: string | undefined) => {
    const context = openContext(command);
    const order = followOrderOf(command, argument);
    const signal = context.host.onInterrupt();
    await context.hint(`following ${context.gateway.address}, Ctrl-C ends it`);
    const events = context.gateway.stream(given(order.query), { signal });
    await show(context, events, printerOf(context, order), order.intervalMs);
  });
}

function printerOf({ out, palette, json }: Context, { query, expand, zone }: FollowOrder): EntryPrinter {
  if (json) return createEntryPrinter(out, 'json');
  const highlight = highlighterOf(typeof query.q === 'string' ? query.q : '', palette.highlight);
  return createEntryPrinter(out, { palette, zone, columns: () => out.columns, fit: true, highlight, expand });
}

async function show(
  context: Context,
  events: AsyncIterable<StreamEvent>,
  print: EntryPrinter,
  intervalMs: number,
): Promise<void> {
  const waiting: EntryReply[] = [];
  const refresh = () => print(waiting.splice(0));
  const timer = intervalMs > 0 ? setInterval(() => void refresh(), intervalMs) : undefined;
  let soon: Promise<void> | undefined;
  try {
    for await (const event of events) {
      if (event.type === 'entry') waiting.push(event.entry);
      else {
        await refresh();
        await showNotice(context, event);
      }
      // Entries that came together are printed together, so that their columns fit each other.
      if (timer === undefined) {
        soon ??= turnOver().then(async () => {
          soon = undefined;
          await refresh();
        });
      }
      if (waiting.length >= MAX_WAITING) await refresh();
    }
  } finally {
    clearInterval(timer);
    await soon;
    await refresh();
  }
}
