import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** What tells one process from every other, also from a later one with the same number, and a worker thread from its process. */
export interface ProcessMark {
  readonly pid: number;
  /** Number of a worker thread, which may end while its process goes on; '' where there is no `/proc` to find it in. */
  readonly thread?: string;
  /** Clock ticks from boot to the start of the process, or of the thread; absent where there is no `/proc`. */
  readonly startTime?: string;
  /** Host, its boot, and its process namespace: only there `pid` means this process. */
  readonly place: string;
}

let own: ProcessMark | undefined;

/** The mark of this process, or of this worker thread of it. */
export function ownMark(): ProcessMark {
  own ??= makeOwnMark();
  return own;
}

function makeOwnMark(): ProcessMark {
  const thread = isMainThread ? undefined : readThread();
  const startTime = readProcess(isMainThread ? 'self' : 'thread-self')?.startTime;
  const place = [hostname(), readBootId(), readNamespace()].join(' ').trim();
  const known = { ...(startTime !== undefined && { startTime }), ...(thread !== undefined && { thread }) };
  return { pid: process.pid, place, ...known };
}

/** Whether a mark's owner can be looked for from here. Of others only a sign of life tells. */
export function canBeFound({ place, thread }: ProcessMark): boolean {
  return place === ownMark().place && thread !== '';
}

/** Whether the process or thread of a mark made at this place is still there. When that cannot be told, it is. */
export function isRunning({ pid, thread, startTime }: ProcessMark): boolean {
  if (startTime === undefined) return answersSignals(pid);
  try {
    const found = readProcess(thread === undefined ? `${pid}` : `${pid}/task/${thread}`);
    return found !== undefined && found.startTime === startTime && !found.isDead;
  } catch {
    return true;
  }
}

/**
 * `/proc/{pid}/stat` and `/proc/{pid}/task/{thread}/stat`, see proc_pid_stat(5): behind the name in parentheses, which may hold anything, come state (field
 * 3) and start time (field 22).
 *
 * @returns `undefined` when there is no such process, or no `/proc`.
 */
function readProcess(name: string): { readonly startTime: string; readonly isDead: boolean } | undefined {
  const stat = readUnlessMissing(`/proc/${name}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] as string;
  return { startTime: fields[19] as string, isDead: state === 'Z' || state === 'X' };
}

function readUnlessMissing(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

/** `/proc/thread-self` leads to `{pid}/task/{thread}`. */
function readThread(): string {
  try {
    return readlinkSync('/proc/thread-self').split('/').at(-1) as string;
  } catch {
    return '';
  }
}

function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
