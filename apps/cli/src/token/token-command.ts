import { randomBytes } from 'node:crypto';
import { parseScopes, SCOPES, TOKEN_BYTES, tokenDigest, tokenLine, tokenOf } from '@tailrace/api';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';

/** Adds `token create`: makes a token, and the line by which a gateway knows it. Nothing is stored or sent. */
export function addTokenCommand(
  program: Command,
  openContext: OpenContext,
  random: (bytes: number) => Buffer = randomBytes,
): void {
  const tokens = program.command('token').description('Make tokens for a gateway');
  const command = tokens
    .command('create')
    .description('Make a token; it is shown this once')
    .requiredOption('--name <name>', 'Who it is for, in the file of tokens')
    .requiredOption('--scope <list>', `What it allows: ${SCOPES.join(', ')}, or several with commas`);
  command.action(async ({ name, scope }: { name: string; scope: string }) => {
    const { json, out } = openContext(command);
    const token = tokenOf(random(TOKEN_BYTES));
    const line = lineOf(name, scope, token);
    await out.write(
      json
        ? `${JSON.stringify({ token, line })}\n`
        : `Token, shown only now:\n  ${token}\n\nLine for the gateway's TOKENS_FILE or LOG_TOKENS:\n  ${line}\n`,
    );
  });
}

function lineOf(name: string, scope: string, token: string): string {
  const scopes = parseScopes(scope);
  if (scopes === undefined) {
    throw new CliError(`--scope must be of ${SCOPES.join(', ')}, separated by commas`, { exitCode: 2 });
  }
  try {
    return tokenLine({ name, scopes, digest: tokenDigest(token) });
  } catch {
    throw new CliError('--name must be up to 64 letters, digits, and _ . @ -', { exitCode: 2 });
  }
}
