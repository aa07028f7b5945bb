import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type EmbeddedEngineOptions, resolveEngineOptions } from './engine-options.js';
import type { EngineOrder, EngineReport } from './engine-protocol.js';
import { EngineStartError } from './engine-start-error.js';
import { type EngineTrial, noTrial } from './engine-trial.js';

/** How the engine process ended. */
export interface EngineExit {
  /** The exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last 8 KiB of what the engine printed: why, if it ended by itself. */
  readonly output: string;
}

/** A running engine, in a process of its own. It ends with the process that started it, however that ends. */
export interface EmbeddedEngine {
  /** For a client's connection: `redis://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The engine's version, as `INFO server` says: `9.1.1`. */
  readonly version: string;
  /** Resolves when the engine has ended, for whatever reason; it never rejects and keeps nothing alive. */
  readonly exited: Promise<EngineExit>;
  /** Ends the engine, and with it all it holds; resolves when its process is gone. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a real Valkey in a child process: in memory, on loopback, and quiet. It does not keep an otherwise
 * finished process alive, and ignores SIGINT, SIGTERM and SIGHUP, so that whoever started it can still write
 * to it while shutting down.
 *
 * @throws EngineStartError when it does not start.
 * @throws RangeError when an option is out of its range.
 */
export async function startEmbeddedEngine(options: EmbeddedEngineOptions = {}): Promise<EmbeddedEngine> {
  return startEngineProcess(options, noTrial);
}

const STOP_TIMEOUT_MS = 3_000;
const MAX_OUTPUT_CHARS = 8 * 1024;

/** What `startEmbeddedEngine` and `startTrialEngine` both do. */
export async function startEngineProcess(
  options: EmbeddedEngineOptions,
  trial: Required<EngineTrial>,
): Promise<EmbeddedEngine> {
  const { host, port, startTimeoutMs, maxMemoryBytes } = resolveEngineOptions(options);
  const order: EngineOrder = { host, port, maxMemoryBytes, trial };
  const child = fork(
    fileURLToPath(new URL('./engine-process.js', import.meta.url)),
    [JSON.stringify(order)],
    {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const exited = observeExit(child);
  try {
    const ready = await readiness(child, exited, { host, port, startTimeoutMs });
    keepParentAlive(child, false);
    let stopping: Promise<void> | undefined;
    return {
      url: `redis://${host.includes(':') ? `[${host}]` : host}:${ready.port}`,
      port: ready.port,
      pid: child.pid as number,
      version: ready.version,
      exited,
      stop: () => (stopping ??= stop(child, exited)),
    };
  } catch (error) {
    child.kill('SIGKILL');
    if (child.pid) await exited;
    throw error;
  }
}

async function observeExit(child: ChildProcess): Promise<EngineExit> {
  let output = '';
  const drained = [child.stdout, child.stderr].map((stream) => {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT_CHARS);
    });
    return new Promise((resolve) => stream?.once('close', resolve));
  });
  // Not the child's 'close': Node 20 never emits it once the parent has disconnected the IPC channel.
  const exit = await new Promise<Pick<EngineExit, 'code' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await Promise.all(drained);
  return { ...exit, output };
}

function readiness(
  child: ChildProcess,
  exited: Promise<EngineExit>,
  wanted: { readonly host: string; readonly port: number; readonly startTimeoutMs: number },
): Promise<EngineReport & { kind: 'ready' }> {
  const { host, port, startTimeoutMs } = wanted;
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => {
      reject(new EngineStartError('start_timeout', `the engine was not ready after ${startTimeoutMs} ms`));
    }, startTimeoutMs);
    child.once('message', (report: EngineReport) => {
      clearTimeout(timeout);
      if (report.kind === 'ready') return resolve(report);
      const what =
        report.code === 'port_unavailable'
          ? `the engine cannot listen on ${host} port ${port}`
          : 'the engine did not start';
      reject(new EngineStartError(report.code, `${what}: ${report.message}`));
    });
    // Stays for good: once started, a channel that breaks is told by `exited`.
    child.on('error', (cause) => {
      clearTimeout(timeout);
      reject(new EngineStartError('start_failed', `the engine did not start: ${cause.message}`, { cause }));
    });
    void exited.then(({ code, signal, output }) => {
      clearTimeout(timeout);
      const end = signal ?? `exit code ${code}`;
      reject(new EngineStartError('start_failed', `the engine ended while it started (${end})\n${output}`));
    });
  });
}

async function stop(child: ChildProcess, exited: Promise<EngineExit>): Promise<void> {
  // Or else an awaited stop() could not be the last thing a process does.
  keepParentAlive(child, true);
  if (child.connected) child.disconnect();
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(deadline);
}

function keepParentAlive(child: ChildProcess, keep: boolean): void {
  for (const handle of [child, child.channel, child.stdout as Socket | null, child.stderr as Socket | null]) {
    if (keep) handle?.ref();
    else handle?.unref();
  }
}
