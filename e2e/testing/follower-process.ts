import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntryReply } from '@tailrace/schema';
import { CLI_MAIN } from './repository.js';
import { environmentWith } from './settings.js';

/** `tailrace follow --json` in a process of its own. */
export interface FollowerProcess {
  readonly pid: number;
  /** Request ids of the entries it has shown, in order. */
  shown(): string[];
  /** How many entries it was told it missed. */
  missed(): number;
  /** Waits until it has shown, or missed, so many. */
  reach(count: number): Promise<void>;
  /** Ends it as Ctrl-C does, and replies its exit code. */
  interrupt(): Promise<number | null>;
}

const DEADLINE_MS = 60_000;

/** Starts one that has a connection to the gateway before this resolves. */
export async function startFollowerProcess(
  gatewayUrl: string,
  followers: () => Promise<number>,
): Promise<FollowerProcess> {
  const before = await followers();
  const child = spawn(process.execPath, [CLI_MAIN, 'follow', '--json', '--url', gatewayUrl], {
    env: environmentWith({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  while ((await followers()) === before) await sleep(20);
  const shown = () => {
    const lines = stdout.split('\n').slice(0, -1);
    return lines.map((line) => String((JSON.parse(line) as EntryReply).request_id));
  };
  const missed = () =>
    [...stderr.matchAll(/([\d,]+) entr\w+ missed/g)].reduce(
      (sum, [, count = '']) => sum + Number(count.replaceAll(',', '')),
      0,
    );
  return {
    pid: child.pid as number,
    shown,
    missed,
    async reach(count) {
      const deadline = performance.now() + DEADLINE_MS;
      while (stdout.split('\n').length - 1 + missed() < count) {
        if (performance.now() > deadline) {
          throw new Error(`${shown().length} shown and ${missed()} missed of ${count}; ${stderr}`);
        }
        await sleep(50);
      }
    },
    async interrupt() {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}
