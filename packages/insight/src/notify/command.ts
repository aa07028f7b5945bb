import { spawn } from 'node:child_process';
import { filledTemplate } from './event-text.js';
import { SendError, type Sender } from './sender.js';
import { cloudEvent } from './webhook.js';

/** @see commandSender */
export interface CommandOptions {
  /** A program and its arguments, which are templates; no shell reads them. */
  readonly command: readonly string[];
}

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT = 500;
/** All of the environment a command gets. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a program, with the event as CloudEvents JSON on its standard input. Exit code 0 means that it was told. */
export function commandSender({ command: [program = '', ...args] }: CommandOptions): Sender {
  return {
    send(event, { signal }) {
      return new Promise((resolve, reject) => {
        const child = spawn(
          program,
          // A NUL ends an argument.
          args.map((arg) => filledTemplate(arg, event).replaceAll('\0', '')),
          {
            env: {
              PATH,
              TAILRACE_EVENT_ID: event.id,
              TAILRACE_STATUS: event.status,
              TAILRACE_RULE: event.rule,
            },
            timeout: TIMEOUT_MS,
            killSignal: 'SIGKILL',
            signal,
            stdio: ['pipe', 'ignore', 'pipe'],
          },
        );
        let output = '';
        child.stderr.setEncoding('utf8').on('data', (part: string) => {
          if (output.length < MAX_OUTPUT) output += part.slice(0, MAX_OUTPUT - output.length);
        });
        child.on('error', reject);
        child.on('close', (code, killed) => {
          if (code === 0) resolve();
          else reject(new SendError(`${program} ended with ${code ?? killed}: ${output.trim()}`));
        });
        // A program may end without reading.
        child.stdin.on('error', () => {});
        child.stdin.end(JSON.stringify(cloudEvent(event)));
      });
    },
  };
}
