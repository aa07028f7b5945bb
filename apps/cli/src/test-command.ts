import type { Command } from 'commander';
import { CliError } from './cli-error.js';
import type { OpenContext } from './context.js';
import { printable } from './print/printable.js';

/** Adds `test`: the gateway writes an entry and reads it back. */
export function addTestCommand(program: Command, openContext: OpenContext): void {
  const command = program.command('test').description('Write an entry and read it back');
  command.action(async () => {
    const { gateway, json, out } = openContext(command);
    const reply = await gateway.test();
    const id = printable(reply.id);
    if (!reply.ok) throw new CliError(`the test entry ${id} was not read back as it was written`);
    const times = `written in ${reply.write_ms.toFixed(1)} ms, read back in ${reply.read_ms.toFixed(1)} ms`;
    await out.write(json ? `${JSON.stringify(reply)}\n` : `ok: ${id} ${times}\n`);
  });
}
