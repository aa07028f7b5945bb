import { createHash } from 'node:crypto';
import type { Line } from '@tailrace/intake';

/** Sums up the lines of a file: the same lines give the same text, however they are packed, coded and ended. */
export interface Fingerprint {
  readonly lines: number;
  /** Passes lines on and takes them into account. */
  pass(lines: AsyncIterable<Line>): AsyncGenerator<Line>;
  /** Ends the count. */
  value(): string;
}

/** A fingerprint of no lines. */
export function createFingerprint(): Fingerprint {
  const hash = createHash('sha256');
  let count = 0;
  return {
    get lines() {
      return count;
    },
    async *pass(lines) {
      for await (const line of lines) {
        count += 1;
        hash.update(line.text ?? '\0');
        hash.update('\n');
        yield line;
      }
    },
    value: () => hash.digest('hex'),
  };
}
