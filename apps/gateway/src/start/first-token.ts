import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { TOKEN_BYTES, tokenDigest, tokenLine, tokenOf } from '@tailrace/api';
import { StartError } from './start-error.js';

/**
 * Makes a token of scope `admin` and the file that knows it, when the file does not exist yet.
 *
 * @returns the token, which stands nowhere else; `undefined` when the file exists
 * @throws StartError when the file cannot be written.
 */
export async function makeFirstToken(path: string): Promise<string | undefined> {
  const token = tokenOf(randomBytes(TOKEN_BYTES));
  const line = tokenLine({ name: 'first', scopes: ['admin'], digest: tokenDigest(token) });
  try {
    await writeFile(path, `${line}\n`, { flag: 'wx', mode: 0o600 });
    return token;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return undefined;
    throw new StartError(`TOKENS_FILE ${path} cannot be made: ${message}`, { cause: error });
  }
}
