import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, Level } from '@tailrace/schema';
import { afterEach, beforeEach } from 'vitest';
import { Spool } from '../spool.js';
import type { SpoolPlace } from '../spool-directory.js';
import type { SpoolOptions } from '../spool-options.js';
import type { SpooledChunk } from '../spooled-chunk.js';

export const TARGET = 'target';
export const WRITER = 'writer-1';

/** What the callbacks of a spool were told. */
export interface Told {
  readonly dropped: Partial<Record<Level, number>>;
  taken: number | undefined;
}

export interface SpoolFixture {
  readonly place: SpoolPlace;
  /** `{spoolDir}/{target}` */
  readonly target: string;
  create(options?: Partial<SpoolOptions>): { readonly spool: Spool; readonly told: Told };
  /** The writer's segment files, in order. */
  segments(): Promise<string[]>;
}

const children: Child[] = [];

/** A directory of its own for each test, gone after it, as its processes are. The spool directory in it does not exist yet. */
export function useSpools(): SpoolFixture {
  let folder = '';
  let spools: Spool[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-spool-'));
  });
  afterEach(async () => {
    for (const spool of spools) await spool.close();
    spools = [];
    for (const child of children.splice(0)) await child.kill();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get place() {
      return { spoolDir: join(folder, 'spool'), target: TARGET };
    },
    get target() {
      return join(folder, 'spool', TARGET);
    },
    create(options = {}) {
      const told: Told = { dropped: {}, taken: undefined };
      const spool = new Spool({
        ...this.place,
        writerId: WRITER,
        maxBytes: 1 << 30,
        fsync: false,
        onDropped: (level, count) => {
          told.dropped[level] = (told.dropped[level] ?? 0) + count;
        },
        onTaken: (entries) => {
          told.taken = entries;
          return WRITER;
        },
        ...options,
      });
      spools.push(spool);
      return { spool, told };
    },
    async segments() {
      const names = await readdir(join(this.target, WRITER));
      return names.sort().map((name) => join(this.target, WRITER, name));
    },
  };
}

/** A log entry whose message is `text`. */
export function logEntry(number: number, level: Level = 'INFO', text = `message ${number}`): Entry {
  const id = `log:1700000000000:app:${number}`;
  return { id, timestamp: 1_700_000_000_000, kind: 'log', level, component: 'app', message: text };
}

/** A chunk of log entries; `counts` names the number. */
export function chunkOf(number: number, ...entries: Entry[]): SpooledChunk {
  return { number, counts: { accepted: number }, entries: entries.length > 0 ? entries : [logEntry(number)] };
}

/** Peeks and removes until nothing is left. */
export async function drain(spool: Pick<Spool, 'peek' | 'removeOldest'>): Promise<SpooledChunk[]> {
  const chunks: SpooledChunk[] = [];
  for (let chunk = await spool.peek(); chunk !== undefined; chunk = await spool.peek()) {
    chunks.push(chunk);
    await spool.removeOldest();
  }
  return chunks;
}

export function numbersOf(chunks: readonly SpooledChunk[]): number[] {
  return chunks.map(({ number }) => number);
}

/** Everything in a file, or nothing when it is not there. */
export async function contents(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

const PRELUDE = `
import { Spool } from ${JSON.stringify(new URL('../../../dist/spool/spool.js', import.meta.url))};
import { adoptSpool } from ${JSON.stringify(new URL('../../../dist/spool/adopt-spool.js', import.meta.url))};
const { place, input } = JSON.parse(process.argv[1]);
const createSpool = (options) =>
  new Spool({ ...place, maxBytes: 1 << 30, fsync: false, onDropped() {}, onTaken: () => options.writerId, ...options });
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
`;

/**
 * A process that runs a piece of a module with `createSpool`, `adoptSpool`, `place`, `input` and `say` at hand.
 *
 * @param shell stands before the command, for limits that are set by the shell
 */
export function startProcess(place: SpoolPlace, source: string, input: unknown = null, shell = ''): Child {
  const command = `${shell} exec "$0" --input-type=module -e "$1" "$2"`;
  const args = ['-c', command, process.execPath, PRELUDE + source, JSON.stringify({ place, input })];
  const child = new Child(spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  children.push(child);
  return child;
}

/** What a process says, line by line, and its end. */
export class Child {
  readonly process: ChildProcess;
  readonly #ended: Promise<void>;
  #hasEnded = false;
  #output = '';
  #wake = () => {};

  constructor(process: ChildProcess) {
    this.process = process;
    process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#wake();
    });
    this.#ended = new Promise((resolve) => process.on('close', () => resolve()));
    void this.#ended.then(() => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  /** Resolves with all it has said once these are so many values. @throws when it ends before. */
  async says(count: number): Promise<unknown[]> {
    for (;;) {
      const lines = this.#output.split('\n').slice(0, -1);
      if (lines.length >= count) return lines.map((line) => JSON.parse(line));
      if (this.#hasEnded)
        throw new Error(`the process ended after it had said ${lines.length} of ${count} values`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#ended;
  }

  async ended(): Promise<unknown[]> {
    await this.#ended;
    return this.says(0);
  }
}
