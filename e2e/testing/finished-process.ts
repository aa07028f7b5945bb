import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a process left behind. */
export interface FinishedProcess {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that hangs is ended before its test is, so that it is not left behind; its signal fails the test. */
const DEADLINE_MS = 25_000;

/** Runs a program to its end. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid'> & { readonly deadlineMs?: number } = {},
): Promise<FinishedProcess> {
  const { deadlineMs = DEADLINE_MS, ...rest } = options;
  const child = spawn(command, args, {
    ...rest,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}
