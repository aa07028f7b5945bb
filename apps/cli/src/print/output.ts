import { once } from 'node:events';

/** A stream to print to, as the process has two of them. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Prints with back-pressure: a slow reader slows the printing, so nothing piles up in memory. */
export interface Output {
  /** Resolves when more may be printed. */
  write(text: string): Promise<void>;
  readonly isTerminal: boolean;
  /** Columns of the terminal at this moment; `undefined` when it is none. */
  readonly columns: number | undefined;
}

/** Wraps a stream for printing. */
export function createOutput(stream: OutputStream): Output {
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : undefined;
    },
    async write(text) {
      if (text !== '' && !stream.write(text)) await once(stream, 'drain');
    },
  };
}
