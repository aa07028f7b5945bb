import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { printableJson } from '../print/printable.js';
import { costText } from './cost-text.js';

/** Adds `cost`: what logs take in Redis and in the archive. */
export function addCostCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('cost')
    .description('Show what logs take in Redis and in the archive, by index, component and class');
  command.action(async () => {
    const { gateway, json, out, palette } = openContext(command);
    const reply = await gateway.cost();
    await out.write(json ? `${printableJson(reply)}\n` : costText(reply, palette, out.columns));
  });
}
