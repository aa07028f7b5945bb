import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Launcher } from '../config.js';

const INTERVAL_MS = 1_000;

/**
 * Calls `end` when the `npx` that launched this process is gone. npx passes a signal to the shell it runs and not to
 * what runs in it, so ending npx would leave this process behind, and pnpm when that is between.
 *
 * The shell is this process's parent, or pnpm's: whoever loses it gets another parent.
 */
export async function endWithLauncher(launcher: Launcher, end: () => void): Promise<void> {
  const parent = process.ppid;
  const shell = launcher === 'npx' ? parent : await parentOf(parent);
  if (shell === undefined) return;
  const timer = setInterval(async () => {
    if (process.ppid === parent && (parent === shell || (await parentOf(parent)) === shell)) return;
    clearInterval(timer);
    end();
  }, INTERVAL_MS);
  timer.unref();
}

/** @returns the parent of a process, `undefined` where that cannot be told. */
async function parentOf(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'win32') return undefined;
    if (process.platform !== 'linux') {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(pid)]);
      return Number(stdout);
    }
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the name in parentheses may hold anything; state and parent follow it.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
