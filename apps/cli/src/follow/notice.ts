import type { Context } from '../context.js';
import { printable } from '../print/printable.js';
import type { Gap, StreamEvent } from './stream-event.js';

/** Prints what is no entry on stderr: what is lost stands out, the rest is dim. */
export async function showNotice(
  context: Context,
  event: Exclude<StreamEvent, { kind: 'entry' }>,
): Promise<void> {
  switch (event.kind) {
    case 'missed':
      return context.notice(`--- ${counted(event.count)} missed: this reader was too slow ---`);
    case 'gap':
      return context.notice(`--- gap: ${gapText(event)} ---`);
    case 'status':
      return event.redis === 'available'
        ? context.hint('Redis is back, going on where it broke off')
        : context.notice('--- Redis cannot be reached; waiting for it ---');
    case 'disconnected':
      return context.hint('connection lost, trying again');
    case 'reconnected':
      return context.hint('connected again, going on where it broke off');
  }
}

function gapText({ reason, entries, from, to }: Gap): string {
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
