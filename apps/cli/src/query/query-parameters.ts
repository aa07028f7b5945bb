import type { EndpointName } from '@tailrace/api';
import type { QueryOf } from '@tailrace/client';

/** Parameters of a query as flags and arguments give them; a list is given as often as it has values. */
export type QueryParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A query without what was not given: an empty flag or argument means the default. The gateway says of every other value
 * whether it may be.
 */
export function given<Name extends EndpointName>(query: QueryParameters): QueryOf<Name> {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(set) as QueryOf<Name>;
}
