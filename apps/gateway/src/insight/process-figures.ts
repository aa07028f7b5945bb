import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { EntryInput } from '@tailrace/schema';
import type { EntryWriter } from '@tailrace/writer';
import { repeat } from './repeat.js';

/** @see reportProcessFigures */
export interface ProcessFiguresOptions {
  readonly writer: EntryWriter;
  /** Seconds between two entries. */
  readonly everyS: number;
  /** The folder whose disk is looked at. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly report: (text: string) => void;
}

/** `event` of the entries. */
const PROCESS_EVENT = 'tailrace.process';
const COMPONENT = 'tailrace-gateway';
const MIB = 1_048_576;

/** Writes an entry with figures of the process and its machine again and again; resolves when the signal is aborted. */
export function reportProcessFigures(options: ProcessFiguresOptions): Promise<void> {
  const { writer, everyS, folder, signal, report } = options;
  return repeat(async () => writer.write([await figuresEntry(folder)]), {
    everyMs: everyS * 1_000,
    signal,
    report: (text) => report(`figures of the process are not written: ${text}`),
  });
}

async function figuresEntry(folder: string): Promise<EntryInput> {
  const { rss, heapUsed } = process.memoryUsage();
  const { blocks, bavail, bfree } = await statfs(folder);
  const used = blocks - bfree;
  return {
    component: COMPONENT,
    event: PROCESS_EVENT,
    level: 'INFO',
    message: 'figures of the gateway and its machine',
    data: {
      memory_percent: percent(1 - freemem() / totalmem()),
      rss_mib: Math.round(rss / MIB),
      heap_mib: Math.round(heapUsed / MIB),
      // As df has it: what root alone may use counts as used up.
      disk_percent: percent(used / Math.max(used + bavail, 1)),
      load_per_core: Number(((loadavg()[0] ?? 0) / availableParallelism()).toFixed(2)),
      uptime_s: Math.round(process.uptime()),
    },
  };
}

function percent(part: number): number {
  return Number((100 * part).toFixed(1));
}
