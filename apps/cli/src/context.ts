import { type Client, createClient } from '@tailrace/client';
import type { Command } from 'commander';
import { CliError } from './cli-error.js';
import { DEFAULT_URL, readConfig } from './config.js';
import { createEntryPrinter, type EntryPrinter } from './print/entry-printer.js';
import { createOutput, type Output, type OutputStream } from './print/output.js';
import { createPalette, type Palette } from './print/palette.js';
import { isReply } from './reply-check.js';

/** The process this program runs in, or a test's stand-in for it. */
export interface Host {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: AsyncIterable<Buffer> & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** From this call on, SIGINT and SIGTERM abort the signal instead of ending the process. */
  readonly onInterrupt: () => AbortSignal;
  /** A recipe of the justfile runs this: arguments have names instead of flags. @default false */
  readonly isRecipe?: boolean;
}

/** What a command works with: the gateway, and where and how to print. */
export interface Context {
  readonly host: Host;
  readonly gateway: Client;
  readonly json: boolean;
  /** @see Config.stateFolder */
  readonly stateFolder: string | undefined;
  readonly out: Output;
  readonly err: Output;
  readonly palette: Palette;
  /** How times are shown. */
  readonly zone: 'utc' | 'local';
  readonly print: EntryPrinter;
  /** Prints a dim line on stderr, if that is a terminal. */
  readonly hint: (text: string) => Promise<void>;
  /** Prints a line on stderr, wherever that goes. */
  readonly notice: (text: string) => Promise<void>;
}

/** Makes the context of a command from the flags it was given. */
export type OpenContext = (command: Command) => Context;

/** Adds the flags every command has. */
export function addGlobalFlags(program: Command): void {
  program
    .option('--url <address>', `Address of the gateway. Default: TAILRACE_URL, else ${DEFAULT_URL}`)
    .option('--token <token>', 'Bearer token. Default: TAILRACE_TOKEN')
    .option('--json', 'Print JSON, one object a line')
    .option('--utc', 'Show times in UTC (the default)')
    .option('--local', 'Show times in local time')
    .option('--no-color', 'No colours, also on a terminal');
}

interface GlobalFlags {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
  readonly utc?: boolean;
  readonly local?: boolean;
  readonly color: boolean;
}

/** @throws CliError when the gateway's address is none. */
export function createContext(host: Host, flags: GlobalFlags): Context {
  const config = readConfig(host.env);
  const out = createOutput(host.stdout);
  const err = createOutput(host.stderr);
  const colored = (output: Output) =>
    flags.color && (config.color === 'always' || (config.color === 'auto' && output.isTerminal));
  const palette = createPalette(colored(out));
  const errPalette = createPalette(colored(err));
  const zone = flags.local && !flags.utc ? 'local' : 'utc';
  return {
    host,
    gateway: createClient({
      url: parseAddress(flags.url || config.url).href,
      token: checkToken(flags.token || config.token),
      isReply,
    }),
    json: flags.json === true,
    stateFolder: config.stateFolder,
    out,
    err,
    palette,
    zone,
    print: createEntryPrinter(
      out,
      flags.json ? 'json' : { palette, zone, columns: () => out.columns, wrap: true },
    ),
    async hint(text) {
      if (err.isTerminal) await err.write(`${errPalette.dim(text)}\n`);
    },
    notice: (text) => err.write(`${errPalette.warn(text)}\n`),
  };
}

/** What cannot stand in a header would come back in an error message of `fetch`, and a token is never shown. */
function checkToken(token: string | undefined): string | undefined {
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError('the token (TAILRACE_TOKEN or --token) has characters no token has', { exitCode: 2 });
}

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && !url.username && !url.password && !url.search && !url.hash;
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw new CliError('the gateway address (TAILRACE_URL or --url) must be like http://127.0.0.1:4680', {
      exitCode: 2,
    });
  }
  return url;
}
