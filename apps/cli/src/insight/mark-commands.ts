import type { ErrorGroupMarkReply } from '@tailrace/api';
import type { Command } from 'commander';
import type { Context, OpenContext } from '../context.js';
import { printable, printableJson } from '../print/printable.js';

const FINGERPRINT = ['<fingerprint>', 'as error-groups shows it'] as const;

/** Adds to `errors` what is said of a group: that it is resolved, muted, known, or none of these. */
export function addMarkCommands(errors: Command, openContext: OpenContext): void {
  const resolve = errors
    .command('resolve')
    .description('Say that a group of errors is resolved; it is regressed when it is seen again')
    .argument(...FINGERPRINT)
    .option('--release <name>', 'The release that has the fix; errors of earlier ones do not count')
    .option('--reason <text>', 'Why');
  resolve.action((fingerprint: string, options: { release?: string; reason?: string }) =>
    mark(openContext(resolve), fingerprint, { state: 'resolved', ...options }),
  );

  const mute = errors
    .command('mute')
    .description('List a group of errors last, and let no rule count it as new')
    .argument(...FINGERPRINT)
    .option('--for <duration>', 'How long, such as 8h or 7d. Default: for ever')
    .option('--reason <text>', 'Why');
  mute.action((fingerprint: string, options: { for?: string; reason?: string }) =>
    mark(openContext(mute), fingerprint, { state: 'muted', ...options }),
  );

  const known = errors
    .command('known')
    .description('Say that a group of errors is known: no longer new, nor resolved or muted')
    .argument(...FINGERPRINT)
    .option('--reason <text>', 'Why');
  known.action((fingerprint: string, options: { reason?: string }) =>
    mark(openContext(known), fingerprint, { state: 'known', ...options }),
  );

  const reset = errors
    .command('reset')
    .description('Take back what was said of a group of errors')
    .argument(...FINGERPRINT);
  reset.action(async (fingerprint: string) => {
    const context = openContext(reset);
    const reply = await context.gateway.ask('DELETE /logs/error-groups/{fingerprint}', {
      path: { fingerprint },
    });
    await show(context, reply);
  });
}

async function mark(
  context: Context,
  fingerprint: string,
  body: {
    readonly state: 'resolved' | 'muted' | 'known';
    readonly release?: string;
    readonly for?: string;
    readonly reason?: string;
  },
): Promise<void> {
  const reply = await context.gateway.ask('PUT /logs/error-groups/{fingerprint}', {
    path: { fingerprint },
    body,
  });
  await show(context, reply);
}

async function show({ json, out }: Context, reply: ErrorGroupMarkReply): Promise<void> {
  const { fingerprint, mark: said } = reply;
  const more = [
    ...(said?.release ? [`in release ${printable(said.release)}`] : []),
    ...(said?.until ? [`until ${said.until}`] : []),
  ];
  const text = said === null ? 'has no mark now' : ['is', said.state, ...more].join(' ');
  await out.write(json ? `${printableJson(reply)}\n` : `${printable(fingerprint)} ${text}\n`);
}
