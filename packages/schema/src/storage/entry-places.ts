import type { Entry } from '../entry/entry.js';
import {
  DEFAULT_INDEX_SETTINGS,
  INDEXES,
  type IndexSpec,
  indexRetention,
  type ValueSettings,
} from './index-table.js';
import type { Keyspace } from './keyspace.js';
import { classOf, isKeptLonger, type RetentionClass } from './retention.js';

/** One key an entry is in. */
export interface EntryKey {
  readonly key: string;
  /** `hash`: the entry itself; `zset`: its id is a member; `stream`: one of its events. */
  readonly type: 'hash' | 'zset' | 'stream';
  /** How long it is kept there. A stream is also trimmed to a length. */
  readonly retention: RetentionClass;
}

/** @see placesOf */
export interface PlacesOptions {
  readonly keyspace: Keyspace;
  /** @default {@link DEFAULT_INDEX_SETTINGS} */
  readonly indexSettings?: ValueSettings;
}

/** Every key an entry is in, each once: its hash, its indexes, the stream. Counters only count it. */
export function placesOf(
  entry: Entry,
  { keyspace, indexSettings = DEFAULT_INDEX_SETTINGS }: PlacesOptions,
): readonly EntryKey[] {
  const own = classOf(entry);
  const indexes = INDEXES.flatMap((spec: IndexSpec) =>
    [...new Set([spec.values(entry, indexSettings) ?? []].flat())].flatMap((value): EntryKey[] => [
      { key: keyspace.index(spec, value), type: 'zset', retention: indexRetention(spec, value) },
      ...(spec.keptByClass && isKeptLonger(own)
        ? [{ key: keyspace.classIndex(own, spec, value), type: 'zset', retention: own } as const]
        : []),
    ]),
  );
  return [
    { key: entry.id, type: 'hash', retention: own },
    ...indexes,
    { key: keyspace.stream(), type: 'stream', retention: 'requests' },
  ];
}
