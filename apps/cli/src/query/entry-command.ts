import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { entryDetails } from '../print/entry-details.js';

/** Adds `entry <id>`: one entry with all its fields. */
export function addEntryCommand(program: Command, openContext: OpenContext): void {
  const command = program.command('entry').description('Show one entry with all its fields').argument('<id>');
  command.action(async (id: string) => {
    const { gateway, json, out, palette, print } = openContext(command);
    const { entry } = await gateway.ask('GET /logs/entry/{id}', { path: { id } });
    await (json ? print([entry]) : out.write(entryDetails(entry, palette, out.columns)));
  });
}
