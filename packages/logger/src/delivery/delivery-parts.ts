import type { EntryOrder, PayloadPool, Redactor } from '@tailrace/writer';
import type { LoggerLevels } from '../call/component-levels.js';
import { ConsoleOutput } from '../console/console-output.js';
import { wantsColors } from '../environment.js';
import type { LoggerError, ResolvedOptions } from '../logger-options.js';
import type { QueueLoad } from './record-queue.js';

/** What the deliveries to all shards of a cluster have in common. */
export interface SharedDelivery {
  readonly writerId: string;
  readonly order: EntryOrder;
  readonly pool: PayloadPool;
  readonly redactor: Redactor;
  readonly console: ConsoleOutput | undefined;
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
  /** Of the deliveries to other shards as well. */
  readonly shared?: SharedDelivery | undefined;
}

/** Where entries are shown on stdout, when they are. */
export function consoleOutput({ console }: Pick<ResolvedOptions, 'console'>): ConsoleOutput | undefined {
  return console === false ? undefined : new ConsoleOutput({ format: console, isColored: wantsColors() });
}
