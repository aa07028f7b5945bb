import {
  ENTRY_CLASSES,
  type Entry,
  type EntryClass,
  INDEXES,
  type IndexSpec,
  indexRetention,
  isKeptLonger,
  type Keyspace,
  LONGER_CLASSES,
  type LongerClass,
  type ValueSettings,
} from '@tailrace/schema';
import { classNumber } from './class-number.js';
import { KeyTable } from './key-table.js';
import { ValueIndex } from './value-index.js';

/**
 * Collects which entries of a chunk belong under which index key, so that each key is touched once a chunk. Keys that are a
 * prefix and a field's text are left to the script: {@link BatchIndexes.valueIndexes}.
 */
export class BatchIndexes {
  /** The indexes whose keys the script makes, for each class of entries. */
  readonly valueIndexes: Readonly<Record<EntryClass, readonly ValueIndex[]>>;
  readonly #settings: ValueSettings;
  readonly #specs: readonly IndexSpec[];
  readonly #tables: readonly KeyTable[];
  /** For each index whose entries are also kept by class: a table for each class. */
  readonly #classTables: readonly (Readonly<Record<string, KeyTable>> | undefined)[];
  readonly #allTables: readonly KeyTable[];

  constructor(keyspace: Keyspace, settings: ValueSettings) {
    this.#settings = settings;
    const specs: readonly IndexSpec[] = INDEXES;
    this.#specs = specs.filter(({ field }) => field === undefined);
    this.#tables = this.#specs.map(
      (spec) =>
        new KeyTable((value) => ({
          key: keyspace.index(spec, value),
          retention: classNumber(indexRetention(spec, value)),
        })),
    );
    this.#classTables = this.#specs.map((spec) =>
      spec.keptByClass ? classTables(keyspace, spec) : undefined,
    );
    this.valueIndexes = valueIndexes(
      keyspace,
      specs.filter(({ field }) => field !== undefined),
    );
    this.#allTables = [
      ...this.#tables,
      ...this.#classTables.flatMap((tables) => Object.values(tables ?? {})),
      ...[...new Set(Object.values(this.valueIndexes).flat())].map(({ others }) => others),
    ];
  }

  /** @param place the entry's place in the chunk, from 1  @param retention the class of the entry */
  add(entry: Entry, place: number, retention: EntryClass): void {
    for (let i = 0; i < this.#specs.length; i++) {
      const value = (this.#specs[i] as IndexSpec).values(entry, this.#settings);
      if (value === undefined) continue;
      if (typeof value === 'string') this.#addValue(i, value, place, retention);
      else for (const one of new Set(value)) this.#addValue(i, one, place, retention);
    }
  }

  /** Every table with the keys the current chunk adds to. */
  get tables(): readonly KeyTable[] {
    return this.#allTables;
  }

  /** Ends the current chunk. */
  clear(): void {
    for (const table of this.#allTables) table.clear();
  }

  #addValue(index: number, value: string, place: number, retention: EntryClass): void {
    (this.#tables[index] as KeyTable).add(value, place);
    if (isKeptLonger(retention)) this.#classTables[index]?.[retention]?.add(value, place);
  }
}

function classTables(keyspace: Keyspace, spec: IndexSpec): Record<string, KeyTable> {
  const table = (name: LongerClass) =>
    new KeyTable((value) => ({ key: keyspace.classIndex(name, spec, value), retention: classNumber(name) }));
  return Object.fromEntries(LONGER_CLASSES.map((name) => [name, table(name)]));
}

function valueIndexes(
  keyspace: Keyspace,
  specs: readonly IndexSpec[],
): Record<EntryClass, readonly ValueIndex[]> {
  const common = specs.map((spec) => new ValueIndex(keyspace, spec));
  const kept = specs.filter(({ keptByClass }) => keptByClass);
  const indexesOf = (name: EntryClass) =>
    isKeptLonger(name) ? [...common, ...kept.map((spec) => new ValueIndex(keyspace, spec, name))] : common;
  const byClass = ENTRY_CLASSES.map((name) => [name, indexesOf(name)]);
  return Object.fromEntries(byClass) as Record<EntryClass, readonly ValueIndex[]>;
}
