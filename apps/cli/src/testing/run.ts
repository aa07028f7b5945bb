import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../run-cli.js';

/** What a run printed. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a run is set up. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string | Buffer;
  readonly terminal?: boolean;
  /** Stands for SIGINT. */
  readonly interrupt?: AbortSignal;
  /** Told of everything printed on stdout so far, each time there is more. */
  readonly onStdout?: (text: string) => void;
}

/** Runs a command line inside this process. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [stdout, stderr] = [capture(options), capture(options)];
  stdout.stream.on('data', () => options.onStdout?.(stdout.text()));
  const exitCode = await runCli(args, {
    env: options.env ?? {},
    stdin: Object.assign(Readable.from([Buffer.from(options.stdin ?? '')]), {
      isTTY: options.terminal === true,
    }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    onInterrupt: () => options.interrupt ?? new AbortController().signal,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function capture({ terminal }: RunOptions) {
  const chunks: Buffer[] = [];
  const stream = Object.assign(new PassThrough(), terminal ? { isTTY: true, columns: 80 } : {});
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
