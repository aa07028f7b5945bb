import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { printableJson } from '../print/printable.js';
import { deliveryText } from './delivery-text.js';

/** Adds `delivery`: what became of the entries of every writer. */
export function addDeliveryCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('delivery')
    .description('Show what became of the entries of every writer: written, waiting, lost and why');
  command.action(async () => {
    const { gateway, json, out, palette } = openContext(command);
    const reply = await gateway.delivery();
    await out.write(json ? `${printableJson(reply)}\n` : deliveryText(reply, palette, out.columns));
  });
}
