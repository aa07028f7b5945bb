import type { StreamEvent, StreamGap } from '@tailrace/client';
import type { Context } from '../context.js';
import { printable } from '../print/printable.js';

/** Prints what is no entry on stderr: what is lost stands out, the rest is dim. */
export async function showNotice(
  context: Context,
  event: Exclude<StreamEvent, { type: 'entry' }>,
): Promise<void> {
  switch (event.type) {
    case 'missed':
      return context.notice(`--- ${counted(event.count)} missed: this reader was too slow ---`);
    case 'gap':
      return context.notice(`--- gap: ${gapText(event)} ---`);
    case 'status':
      return event.redis === 'available'
        ? context.hint('Redis is back, going on where it broke off')
        : context.notice('--- Redis cannot be reached; waiting for it ---');
    case 'connection':
      return context.hint(
        event.state === 'lost'
          ? 'connection lost, trying again'
          : 'connected again, going on where it broke off',
      );
  }
}

function gapText({ reason, entries, from, to }: StreamGap): string {
  const lost =
    entries === null ? 'entries may be missing here' : `${counted(entries)} of all kinds lost here`;
  const why =
    reason === 'restarted' ? 'the stream was removed or begun anew' : 'older than what the stream keeps';
  const between =
    from === null || to === null ? '' : `; tailrace logs --from ${from} --to ${to} shows what is stored`;
  return printable(`${lost}, ${why}${reason === 'restarted' ? '' : between}`);
}

function counted(count: number): string {
  return count === 1 ? '1 entry' : `${count.toLocaleString('en-US')} entries`;
}
