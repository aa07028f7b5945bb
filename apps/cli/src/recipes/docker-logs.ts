import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CliError } from '../cli-error.js';
import type { Host } from '../context.js';
import { isYes } from '../yes-or-no.js';
import type { Recipe } from './recipe-table.js';

const NO_DOCKER =
  'docker is not on PATH; it shows the logs of containers, npx -y pnpm@10 just logs those that are stored';
const NO_COMPOSE =
  "docker has no compose command: install Docker's compose plugin (package docker-compose-plugin), or see https://docs.docker.com/compose/install";

/**
 * Shows the logs of Docker Compose containers: all of them, or those of one service.
 *
 * @param values the recipe's arguments by name, defaults in place of what was not given
 * @returns the exit code of `docker compose logs`, 0 when it was ended by Ctrl-C.
 * @throws CliError where there is no Docker, or no compose command.
 */
export async function showDockerLogs(
  recipe: Recipe,
  values: ReadonlyMap<string, readonly string[]>,
  host: Host,
): Promise<number> {
  const args = [`--tail=${values.get('lines')?.at(-1)}`];
  if (isYes('follow', values.get('follow')?.at(-1))) args.push('--follow');
  const service = values.get('service')?.at(-1);
  if (service !== undefined) args.push('--', service);
  const interrupted = host.onInterrupt();
  if ((await run(['compose', 'version'], 'ignore', host)) !== 0) {
    throw new CliError(`${recipe.name}: ${NO_COMPOSE}`);
  }
  const code = await run(['compose', 'logs', ...args], 'inherit', host);
  return interrupted.aborted ? 0 : code;
}

async function run(args: readonly string[], stdio: 'ignore' | 'inherit', { env }: Host): Promise<number> {
  const child = spawn('docker', args, { env, stdio });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } catch (cause) {
    throw new CliError(NO_DOCKER, { cause });
  }
}
