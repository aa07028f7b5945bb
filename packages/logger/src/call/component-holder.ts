import type { Snapshot } from '@tailrace/writer';

/** Where the component of a call stands: bound fields win. */
export function componentHolder(fields: unknown, bound: Snapshot | undefined): unknown {
  return bound?.fields.component === undefined ? fields : bound.fields;
}
