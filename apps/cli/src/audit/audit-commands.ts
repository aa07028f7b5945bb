import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { addParseCommand } from './parse-command.js';
import { addProofCommands } from './proof-commands.js';

/** Adds what stands below `audit`. */
export function addAuditCommands(audit: Command, openContext: OpenContext): void {
  addParseCommand(audit, openContext);
  addProofCommands(audit, openContext);
}
