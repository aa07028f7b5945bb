import { type Entry, EVERY_VALUE, type Keyspace, NO_VALUE_OF_ITS_OWN, placesOf } from '@tailrace/schema';

/**
 * Every index the entry may be in. Nobody knows what its writer took for slow, so everything is, nor for which values it
 * had no room.
 */
export function indexKeysOf(entry: Entry, keyspace: Keyspace): string[] {
  const places = [EVERY_VALUE, NO_VALUE_OF_ITS_OWN].flatMap((outside) =>
    placesOf(entry, { keyspace, indexSettings: { slowMs: 0, outside } }),
  );
  return [...new Set(places.filter(({ type }) => type === 'zset').map(({ key }) => key))];
}
