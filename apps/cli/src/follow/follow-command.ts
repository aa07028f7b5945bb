import type { EntryReply } from '@tailrace/schema';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import { readEntryStream, type StreamEvent } from './entry-stream.js';

/** With an interval, at most so many entries wait for the next refresh: a burst is shown earlier. */
const MAX_WAITING = 10_000;

/** Adds `follow`: entries as they are written, until SIGINT. */
export function addFollowCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('follow')
    .description('Show entries as they are written, until Ctrl-C')
    .argument('[interval]', 'Seconds between refreshes, 0: at once; what is no number is words to search for')
    .option('--interval <seconds>', 'The same as the argument');
  addQueryFlags(command, 'filters');
  command.action(async (argument: string | undefined, options: { interval?: string }) => {
    const context = openContext(command);
    const { intervalMs, words } = readInterval(argument, options.interval);
    const query = { ...queryOf(command) };
    if (words !== undefined) query.q = [query.q, words].filter(Boolean).join(' ');
    const signal = context.host.onInterrupt();
    await context.hint(`following ${context.gateway.address}, Ctrl-C ends it`);
    await show(context, readEntryStream(context.gateway, query, signal), intervalMs);
  });
}

async function show(context: Context, events: AsyncIterable<StreamEvent>, intervalMs: number): Promise<void> {
  const waiting: EntryReply[] = [];
  const refresh = () => context.print(waiting.splice(0));
  const timer = intervalMs > 0 ? setInterval(refresh, intervalMs) : undefined;
  try {
    for await (const event of events) {
      if (event.kind === 'entry') waiting.push(event.entry);
      if (timer === undefined || waiting.length >= MAX_WAITING || event.kind !== 'entry') await refresh();
      if (event.kind === 'missed') await context.notice(`${event.count} entries missed`);
      if (event.kind === 'disconnected') await context.hint('connection lost, trying again');
      if (event.kind === 'reconnected') await context.hint('connected again, going on where it broke off');
    }
  } finally {
    clearInterval(timer);
    await refresh();
  }
}

function readInterval(
  argument: string | undefined,
  option: string | undefined,
): { intervalMs: number; words: string | undefined } {
  const isNumber = (text: string) => text.trim() !== '' && !Number.isNaN(Number(text));
  const words = argument && !isNumber(argument) ? argument : undefined;
  const seconds = option || (words === undefined ? argument : undefined) || '0';
  if (!isNumber(seconds) || Number(seconds) < 0 || Number(seconds) > 86_400) {
    throw new CliError('the interval must be a number of seconds from 0 to 86400', { exitCode: 2 });
  }
  return { intervalMs: Number(seconds) * 1000, words };
}
