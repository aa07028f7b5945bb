import { type Options, SingleBar } from 'cli-progress';
import type { OutputStream } from '../print/output.js';

/** Shows how far an import is. */
export interface Progress {
  update(bytes: number, lines: number): void;
  stop(): void;
}

/**
 * A progress bar, removed when it stops.
 *
 * @param size bytes of the whole; `undefined`: unknown, then only lines are counted.
 */
export function createProgress(stream: OutputStream, size: number | undefined): Progress {
  const options: Options = {
    stream,
    format:
      size === undefined
        ? 'importing, {lines} lines, {duration_formatted}'
        : 'importing [{bar}] {percentage}%, {lines} lines, {eta_formatted} left',
    barsize: 24,
    clearOnComplete: true,
    // Ctrl-C must end the program at once and leave the terminal as it was.
    gracefulExit: false,
    linewrap: true,
  };
  const bar = new SingleBar(options);
  bar.start(size ?? 1, 0, { lines: 0 });
  return {
    update: (bytes, lines) => bar.update(size === undefined ? 0 : Math.min(bytes, size), { lines }),
    stop: () => bar.stop(),
  };
}
