import type { EntryOrder, PayloadPool, Redactor } from '@tailrace/writer';
import type { LoggerLevels } from '../call/component-levels.js';
import { ConsoleOutput } from '../console/console-output.js';
import { wantsColors } from '../environment.js';
import { EntryFile } from '../file/entry-file.js';
import type { LoggerError, ResolvedOptions } from '../logger-options.js';
import type { EntryOutput } from './batch-source.js';
import type { EntrySink } from './entry-sink.js';
import type { QueueLoad } from './record-queue.js';

/** What the deliveries to all shards of a cluster have in common. */
export interface SharedDelivery {
  readonly writerId: string;
  readonly order: EntryOrder;
  readonly pool: PayloadPool;
  readonly redactor: Redactor;
  /** The console and the audit file, as far as there are any. */
  readonly outputs: readonly EntryOutput[];
  readonly load: QueueLoad;
  /** Bytes in the files of all shards. */
  readonly spooledBytes: () => number;
}

/** What a delivery works with. */
export interface DeliveryParts {
  /** Of one server, or of one shard of a cluster. */
  readonly options: ResolvedOptions;
  readonly now: () => number;
  readonly report: (error: LoggerError) => void;
  /** Takes the levels that are set for all running writers. @default they are not asked for */
  readonly applyLevels?: ((table: Partial<LoggerLevels>) => void) | undefined;
  /** Takes the batches in place of Redis. */
  readonly sink?: EntrySink | undefined;
  /** Of the deliveries to other shards as well. */
  readonly shared?: SharedDelivery | undefined;
}

/** Where entries go beside Redis: stdout, the audit file. */
export function entryOutputs(
  { console, auditFile }: Pick<ResolvedOptions, 'console' | 'auditFile'>,
  report: (error: LoggerError) => void,
): readonly EntryOutput[] {
  return [
    ...(console === false ? [] : [new ConsoleOutput({ format: console, isColored: wantsColors() })]),
    ...(auditFile === false ? [] : [new EntryFile(auditFile, report)]),
  ];
}

/** Lines the console among some outputs did not take. */
export function consoleDropped(outputs: readonly EntryOutput[]): number {
  return outputs.reduce((sum, output) => sum + (output instanceof ConsoleOutput ? output.dropped : 0), 0);
}
