import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Host } from '../context.js';
import { INSTALLATION } from '../installation.js';

/** A flag that stands for a setting of the environment. */
const SETTINGS = { host: 'HOST', port: 'PORT', redis: 'REDIS_URL' } as const;

/** Adds `serve`: runs a gateway in this process. It is loaded only then: no other command needs it. */
export function addServeCommand(program: Command, host: Host): void {
  program
    .command('serve')
    .description('Start a gateway, with a Valkey of its own unless REDIS_URL names a server')
    .option('--port <port>', 'Where it listens; 0 picks a free one. Default: PORT, else 4680')
    .option('--host <address>', 'Address it listens on. Default: HOST, else 127.0.0.1')
    .option('--redis <url>', 'The server that holds the data. Default: REDIS_URL, else an embedded Valkey')
    .addHelpText('after', '\nAll other settings come from the environment; docs/http-api.md lists them.')
    .action(async (flags: Partial<Record<keyof typeof SETTINGS, string>>) => {
      const { runGateway, StartError } = await import('@tailrace/gateway');
      const given = Object.entries(SETTINGS).flatMap(([flag, name]) => {
        const value = flags[flag as keyof typeof SETTINGS];
        return value === undefined ? [] : [[name, value]];
      });
      try {
        const exitCode = await runGateway({
          env: { ...host.env, ...Object.fromEntries(given) },
          hints: [
            { command: `${INSTALLATION.tailrace} test`, does: 'writes an entry and reads it back' },
            { command: `${INSTALLATION.tailrace} logs`, does: 'shows recent entries' },
            { command: `${INSTALLATION.tailrace} follow`, does: 'shows entries as they are written' },
          ],
        });
        if (exitCode !== 0) throw new CliError('the gateway ended', { exitCode });
      } catch (error) {
        throw error instanceof StartError ? new CliError(error.message, { cause: error }) : error;
      }
    });
}
