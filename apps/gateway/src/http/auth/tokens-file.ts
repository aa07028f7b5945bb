import { readFile } from 'node:fs/promises';
import { type KnownToken, parseTokenLines } from '@tailrace/api';
import { StartError } from '../../start/start-error.js';

/** The tokens of a file, as it is now. */
export interface TokensFile {
  readonly tokens: readonly KnownToken[];
  close(): void;
}

/** So late a change is noticed. The file is small; its text is compared, as times and watchers miss changes. */
const INTERVAL_MS = 1_000;

/**
 * Reads a file of tokens, and again when it changes. What cannot be read or understood then is reported, and the tokens
 * before stay.
 *
 * @throws StartError when that is so at the start.
 */
export async function openTokensFile(path: string, report: (text: string) => void): Promise<TokensFile> {
  let text: string;
  let tokens: readonly KnownToken[];
  try {
    text = await readFile(path, 'utf8');
    tokens = parseTokenLines(text);
  } catch (error) {
    throw new StartError(`TOKENS_FILE ${path} cannot be used: ${(error as Error).message}`, { cause: error });
  }
  let failure = '';
  const timer = setInterval(async () => {
    try {
      const now = await readFile(path, 'utf8');
      if (now !== text) tokens = parseTokenLines(now);
      text = now;
      failure = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== failure) report(`TOKENS_FILE ${path}: ${message}; the tokens before stay in force`);
      failure = message;
    }
  }, INTERVAL_MS);
  timer.unref();
  return {
    get tokens() {
      return tokens;
    },
    close: () => clearInterval(timer),
  };
}
