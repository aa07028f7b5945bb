import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { printable, printableJson } from '../print/printable.js';
import { shownCount } from '../statistics/figures.js';
import { archiveText } from './archive-text.js';

/** Adds `archive`: what a gateway keeps in files, and whether they are as they were sealed. */
export function addArchiveCommand(program: Command, openContext: OpenContext): void {
  const archive = program.command('archive').description('Show what is kept in files, and verify it');
  const status = archive
    .command('status', { isDefault: true })
    .description('Show files, entries and bytes by class and day, and what is in no file yet');
  status.action(async () => {
    const { gateway, json, out, palette } = openContext(status);
    const reply = await gateway.archive();
    await out.write(json ? `${printableJson(reply)}\n` : archiveText(reply, palette, out.columns));
  });
  const verify = archive
    .command('verify')
    .description('Compare every file with the count, ids and checksum it was sealed with');
  verify.action(async () => {
    const { gateway, json, out } = openContext(verify);
    const reply = await gateway.verifyArchive();
    const { files, entries, damaged } = reply;
    if (json) await out.write(`${printableJson(reply)}\n`);
    else {
      const lines = damaged.map(({ name, reason }) => `${printable(name)}: ${printable(reason)}\n`);
      await out.write(
        `${lines.join('')}${shownCount(files)} files, ${shownCount(entries)} entries as they were sealed\n`,
      );
    }
    if (damaged.length > 0) throw new CliError(`${damaged.length} of ${files} files are damaged`);
  });
}
