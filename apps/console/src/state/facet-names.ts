/** Fields that are counted beside the list without being asked for. */
export const USUAL_FACETS = [
  'level',
  'status',
  'component',
  'host',
  'method',
  'pattern',
  'event',
  'ip',
  'user',
];
/** Further ones the gateway counts, beside any path of `data`. */
export const OTHER_FACETS = ['path', 'client', 'outcome', 'route'];

/** Whether a facet may be added to the usual ones; a name with a comma cannot be asked for. */
export function isFacetName(name: string): boolean {
  return OTHER_FACETS.includes(name) || /^data(?:\.[^.,!]+)+$/.test(name);
}
