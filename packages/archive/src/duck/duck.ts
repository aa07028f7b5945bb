import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DuckOrder, DuckReport, DuckRow, DuckValue } from './duck-protocol.js';

export type { DuckRow, DuckValue } from './duck-protocol.js';

/** What a DuckDB may use. */
export interface DuckOptions {
  /** Folder for what does not fit in memory. */
  readonly temporary: string;
  /** @default 384 */
  readonly memoryMiB?: number;
  /** @default 2 */
  readonly threads?: number;
}

/** DuckDB is not there: its package is optional. */
export class DuckMissingError extends Error {
  constructor(reason: string) {
    super(`DuckDB (@duckdb/node-api) is missing on this machine: ${reason}`);
    this.name = 'DuckMissingError';
  }
}

/** A DuckDB in a process of its own, which ends with this one. */
export interface Duck {
  /**
   * Asks; the process is started by the first question, and anew after it died.
   *
   * @param options.values stand for the `?` of the text: for long lists; single values stand in the text (`rows/sql-text.ts`)
   * @throws DuckMissingError; Error with what DuckDB says, or that its process ended; an abort's reason.
   */
  query(
    sql: string,
    options?: { readonly values?: readonly DuckValue[]; readonly signal?: AbortSignal | undefined },
  ): Promise<readonly DuckRow[]>;
  /** Number of its process, while there is one. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

/** As it is built, also where this file runs from its source. */
const PROCESS = fileURLToPath(new URL('../../dist/duck/duck-process.js', import.meta.url));

interface Waiting {
  readonly resolve: (rows: readonly DuckRow[]) => void;
  readonly reject: (error: Error) => void;
}

/** @see Duck */
export function createDuck({ temporary, memoryMiB = 384, threads = 2 }: DuckOptions): Duck {
  let running: Promise<ChildProcess> | undefined;
  let child: ChildProcess | undefined;
  let isClosed = false;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  function start(): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
      const started = fork(PROCESS, [], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        serialization: 'advanced',
      });
      child = started;
      started.on('message', (report: DuckReport) => {
        if (report.kind === 'ready') return resolve(started);
        if (report.kind === 'missing') {
          running = undefined;
          started.disconnect();
          return reject(new DuckMissingError(report.message));
        }
        const asked = waiting.get(report.id);
        waiting.delete(report.id);
        if (waiting.size === 0) keepAlive(started, false);
        if (report.kind === 'rows') asked?.resolve(report.rows);
        else asked?.reject(new Error(report.message));
      });
      started.once('exit', (code, signal) => {
        running = undefined;
        child = undefined;
        const error = new Error(`the process of DuckDB ended (${signal ?? `exit code ${code}`})`);
        reject(error);
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
      });
      started.once('error', reject);
      send(started, { kind: 'open', memoryMiB, threads, temporary });
    });
  }

  return {
    async query(sql, { values = [], signal } = {}) {
      if (isClosed) throw new Error('the archive is closed');
      signal?.throwIfAborted();
      running ??= start();
      const to = await running;
      signal?.throwIfAborted();
      const id = ++lastId;
      const abort = () => {
        waiting.get(id)?.reject(signal?.reason as Error);
        send(to, { kind: 'cancel', id });
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        return await new Promise<readonly DuckRow[]>((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          keepAlive(to, true);
          send(to, { kind: 'query', id, sql, values });
        });
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    get pid() {
      return child?.pid;
    },
    async close() {
      isClosed = true;
      const ending = child;
      if (ending === undefined) return;
      const exited = new Promise((resolve) => ending.once('exit', resolve));
      if (ending.connected) ending.disconnect();
      const deadline = setTimeout(() => ending.kill('SIGKILL'), 3_000);
      await exited;
      clearTimeout(deadline);
    },
  };
}

/** An idle DuckDB keeps no process from ending. */
function keepAlive(child: ChildProcess, isBusy: boolean): void {
  for (const handle of [child, child.channel]) {
    if (isBusy) handle?.ref();
    else handle?.unref();
  }
}

function send(child: ChildProcess, order: DuckOrder): void {
  if (child.connected) child.send(order);
}
