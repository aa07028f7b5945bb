import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells one process from every other, also from a later one with the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from boot to its start; absent where there is no `/proc`. */
  readonly startTime?: string;
  /** Host, its boot, and its process namespace: only there `pid` means this process. */
  readonly place: string;
}

let own: ProcessMark | undefined;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  own ??= makeOwnMark();
  return own;
}

function makeOwnMark(): ProcessMark {
  const startTime = readProcess('self')?.startTime;
  const place = [hostname(), readBootId(), readNamespace()].join(' ').trim();
  return { pid: process.pid, place, ...(startTime !== undefined && { startTime }) };
}

/** Whether the process of a mark made at this place is still there. When that cannot be told, it is. */
export function isRunning({ pid, startTime }: ProcessMark): boolean {
  if (startTime === undefined) return answersSignals(pid);
  try {
    const found = readProcess(pid);
    return found !== undefined && found.startTime === startTime && !found.isDead;
  } catch {
    return true;
  }
}

/**
 * `/proc/{pid}/stat`, see proc_pid_stat(5): behind the name in parentheses, which may hold anything, come state (field
 * 3) and start time (field 22).
 *
 * @returns `undefined` when there is no such process, or no `/proc`.
 */
function readProcess(
  pid: number | 'self',
): { readonly startTime: string; readonly isDead: boolean } | undefined {
  const stat = readUnlessMissing(`/proc/${pid}/stat`);
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

function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
