import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addAlertsCommand } from './alerts/alerts-command.js';
import { addArchiveCommand } from './archive/archive-command.js';
import { addHistoryCommand } from './audit/history-command.js';
import { addRunCommands } from './audit/run-commands.js';
import { callErrorText, isCallError } from './call-error.js';
import { addClearCommand } from './clear/clear-command.js';
import { CliError } from './cli-error.js';
import { addCompletionCommand, printCandidates } from './completion/completion-command.js';
import { addGlobalFlags, createContext, type Host, type OpenContext } from './context.js';
import { addCostCommand } from './cost/cost-command.js';
import { addDeliveryCommand } from './delivery/delivery-command.js';
import { addDoctorCommand } from './doctor/doctor-command.js';
import { addErrorsDebugCommand } from './errors/errors-debug-command.js';
import { addExportCommand } from './export/export-command.js';
import { addFollowCommand } from './follow/follow-command.js';
import { addImportCommand } from './import/import-command.js';
import { addAnalyticsCommand } from './insight/analytics-command.js';
import { addGroupsCommands } from './insight/groups-commands.js';
import { addLevelsCommand } from './levels/levels-command.js';
import { addMigrateCommand } from './migrate/migrate-command.js';
import { addOAuthCommands } from './oauth/oauth-commands.js';
import { addOpenCommand } from './open/open-command.js';
import { addEntryCommand } from './query/entry-command.js';
import { addLookupCommands } from './query/lookup-commands.js';
import { runRecipe } from './recipes/run-recipe.js';
import { addServeCommand } from './serve/serve-command.js';
import { addFacetsCommand } from './statistics/facets-command.js';
import { addSlowCommand } from './statistics/slow-command.js';
import { addStatisticsCommands } from './statistics/statistics-commands.js';
import { addTestCommand } from './test-command.js';
import { addTokenCommand } from './token/token-command.js';

/** Exit code of wrong usage, as shells have it. */
const USAGE_EXIT_CODE = 2;

/**
 * Runs one command line, or with `recipe` before it one of the justfile's recipes.
 *
 * @param args without node and script
 * @returns the exit code: 0, 1 when it failed, 2 when it was used wrongly.
 */
export async function runCli(args: readonly string[], host: Host): Promise<number> {
  try {
    const program = createProgram(host);
    const [first, ...rest] = args;
    if (first === 'recipe') return await runRecipe(rest, program, host, runCli);
    if (first === 'complete') {
      printCandidates(program, rest, host);
      return 0;
    }
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
    if (isCallError(error)) {
      host.stderr.write(`tailrace: ${callErrorText(error)}\n`);
      return 1;
    }
    if (!isForTheUser(error)) throw error;
    host.stderr.write(`tailrace: ${error.message}\n`);
    return error instanceof CliError ? error.exitCode : 1;
  }
}

/** Our own errors, and those of the system (no space left on device); anything else is a bug and shows its stack. */
function isForTheUser(error: unknown): error is Error {
  return error instanceof CliError || (error instanceof Error && 'syscall' in error);
}

function createProgram(host: Host): Command {
  const program = new Command('tailrace')
    .description('Query, follow and import logs through a Tailrace gateway, or start one.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    });
  addGlobalFlags(program);
  const openContext: OpenContext = (command) => createContext(host, command.optsWithGlobals());
  addLookupCommands(program, openContext);
  addErrorsDebugCommand(program, openContext);
  addSlowCommand(program, openContext);
  addEntryCommand(program, openContext);
  addHistoryCommand(program, openContext);
  addRunCommands(program, openContext);
  addStatisticsCommands(program, openContext);
  addFacetsCommand(program, openContext);
  addGroupsCommands(program, openContext);
  addAnalyticsCommand(program, openContext);
  addOAuthCommands(program, openContext);
  addFollowCommand(program, openContext);
  addImportCommand(program, openContext);
  addTestCommand(program, openContext);
  addClearCommand(program, openContext);
  addExportCommand(program, openContext);
  addDeliveryCommand(program, openContext);
  addAlertsCommand(program, openContext);
  addCostCommand(program, openContext);
  addArchiveCommand(program, openContext);
  addLevelsCommand(program, openContext);
  addTokenCommand(program, openContext);
  addServeCommand(program, host);
  addMigrateCommand(program, host);
  addDoctorCommand(program, openContext);
  addOpenCommand(program, openContext);
  addCompletionCommand(program, host);
  return program;
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
