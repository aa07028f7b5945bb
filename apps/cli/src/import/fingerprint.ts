import { createHash } from 'node:crypto';
import type { Line } from '@tailrace/intake';

/** Sums up the lines of a file: the same lines give the same text, however they are packed, coded and ended. */
export interface Fingerprint {
  readonly lines: number;
  /** Takes the next line into account. */
  add(line: Line): void;
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
    add({ text }) {
      count += 1;
      hash.update(text ?? '\0');
      hash.update('\n');
    },
    value: () => hash.digest('hex'),
  };
}
