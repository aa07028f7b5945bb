import type { entryInputSchema } from '@tailrace/api';
import type { z } from 'zod';

/** An entry as `POST /logs` takes it, not yet checked. */
export type Candidate = Partial<Record<keyof z.input<typeof entryInputSchema>, unknown>>;

/** Why a line was refused, or what was done to import it all the same. `code` is stable, for counting. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** What a line of a log says. */
export type ParsedLine =
  | {
      readonly entry: Candidate;
      /** Set when the line was not whole. */
      readonly repaired?: Reason;
    }
  | { readonly refused: Reason };

/** Shorthand for a refusal. */
export function refuse(code: string, message: string): { readonly refused: Reason } {
  return { refused: { code, message } };
}
