import type { Entry } from '@tailrace/schema';

/** An entry read from a foreign log: what `POST /logs` takes, with its time as epoch milliseconds if it has one. */
export type IntakeEntry = {
  -readonly [Name in Exclude<keyof Entry, 'id' | 'truncated' | 'order'>]?: Entry[Name] | undefined;
};

/** An {@link IntakeEntry} whose values are not checked yet. */
export type Candidate = { -readonly [Name in keyof IntakeEntry]?: unknown };

/** Why a line was refused, or what was done to import it all the same. `code` is stable, for counting. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** What a format makes of a record of its own. */
export type ParsedLine =
  | {
      readonly entry: Candidate;
      /** Set when the line was not whole. */
      readonly repaired?: Reason | undefined;
    }
  | { readonly refused: Reason };

/** Shorthand for a refusal. */
export function refuse(code: string, message: string): { readonly refused: Reason } {
  return { refused: { code, message } };
}
