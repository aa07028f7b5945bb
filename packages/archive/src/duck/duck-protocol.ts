/** A value DuckDB takes as a parameter. */
export type DuckValue = string | number | boolean | null | readonly string[];

/** What the parent asks. */
export type DuckOrder =
  | {
      readonly kind: 'open';
      readonly memoryMiB: number;
      readonly threads: number;
      readonly temporary: string;
    }
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly sql: string;
      readonly values: readonly DuckValue[];
    }
  | { readonly kind: 'cancel'; readonly id: number };

/** What the child says. */
export type DuckReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: readonly DuckRow[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** One row, its columns in the order of the question. */
export type DuckRow = readonly DuckCell[];

/** A value as JSON has it; a 64-bit integer is a text. */
export type DuckCell =
  | string
  | number
  | boolean
  | null
  | readonly DuckCell[]
  | { readonly [name: string]: DuckCell };
