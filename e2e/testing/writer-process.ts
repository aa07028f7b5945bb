import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseResult, LoggerOptions } from '@tailrace/logger';
import { testProcessPath } from './repository.js';

/** What a writer is to do, as `processes/write-and-tell.mjs` says. */
export interface WriterOrder {
  readonly count: number;
  /** Entries a second. @default all in one go */
  readonly rate?: number;
  /** Goes on, at its rate, until {@link WriterProcess.enough}; `count` is the least then. */
  readonly untilTold?: boolean;
  readonly end: 'close' | 'return' | 'exit' | 'throw' | 'reject' | 'wait';
  readonly signals?: boolean;
  /** Beside `redis` and `spoolDir`. */
  readonly options?: Partial<LoggerOptions>;
}

/** A process that logs. */
export interface WriterProcess {
  /** Resolves when it has made its last call. */
  logged(): Promise<void>;
  /** How many entries it knew to be written or in the spool when it said so last, which a steady one does at each tick. */
  settled(): Promise<number>;
  /** Has it come to its end. */
  enough(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** How it ended. */
  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** What `close` returned, for the end 'close'. */
  result(): Promise<CloseResult>;
}

/** One line of a ledger: a log call that was made, or was about to be made when the process was killed. */
export interface LedgerLine {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A place for the writers of one test: their ledgers, and the spool directory they share. */
export interface WriterPlace {
  readonly spoolDir: string;
  start(redis: string, order: WriterOrder): WriterProcess;
  /** All calls of all its writers. */
  ledger(): Promise<LedgerLine[]>;
  /** Files of spools that are left. */
  spoolFiles(): Promise<string[]>;
  remove(): Promise<void>;
}

/** A process that hangs is ended before its test is; its signal fails the test. */
const DEADLINE_MS = 150_000;
const POLL_MS = 20;

/** @param spoolDir @default a directory of its own */
export async function makeWriterPlace(spoolDir?: string): Promise<WriterPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
  const spools = spoolDir ?? join(folder, 'spool');
  let writers = 0;
  return {
    spoolDir: spools,
    start(redis, { options, ...order }) {
      const writer = `writer${writers++}`;
      const ledger = join(folder, `${writer}.ledger`);
      return startWriter(ledger, {
        ...order,
        writer,
        ledger,
        options: { redis, spoolDir: spools, streamMaxLength: 10_000_000, ...options },
      });
    },
    async ledger() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.ledger'));
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return texts.flatMap(linesOf);
    },
    async spoolFiles() {
      const found = await readdir(spools, { recursive: true }).catch(() => []);
      return found.filter((name) => /[/\\].*[/\\]/.test(name));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function startWriter(ledger: string, order: object): WriterProcess {
  const child = spawn(process.execPath, [testProcessPath('write-and-tell.mjs'), JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const exited = once(child, 'exit');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    async logged() {
      while (!existsSync(`${ledger}.logged`)) {
        if (child.exitCode !== null) throw new Error(`the writer ended too early: ${stderr}`);
        await sleep(POLL_MS);
      }
    },
    async settled() {
      const text = await readFile(`${ledger}.settled`, 'utf8').catch(() => '');
      return Number(text.split('\n').at(-2) ?? 0);
    },
    enough: () => writeFile(`${ledger}.enough`, ''),
    kill: (signal) => void child.kill(signal),
    async ended() {
      const [code, signal] = await exited;
      if (stderr.includes('the counts are wrong')) throw new Error(stderr);
      return { code, signal };
    },
    async result() {
      const [code] = await exited;
      if (code !== 0) throw new Error(`the writer ended with ${code}: ${stderr}`);
      return JSON.parse(await readFile(`${ledger}.result`, 'utf8'));
    },
  };
}

function linesOf(text: string): LedgerLine[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => {
    const [key = '', at] = line.split(' ');
    return { key, at: Number(at) };
  });
}
