import {
  type Entry,
  INDEXES,
  type IndexSettings,
  type IndexSpec,
  indexRetention,
  type Keyspace,
  RETENTION_CLASSES,
  type RetentionClass,
} from '@tailrace/schema';
import { KeyTable } from './key-table.js';

/** Number of a class in the table the script is given, from 1. */
export function classNumber(retention: RetentionClass): number {
  return RETENTION_CLASSES.indexOf(retention) + 1;
}

/** Collects which entries of a call belong under which index key, so that each key is touched once a call. */
export class BatchIndexes {
  readonly #settings: IndexSettings;
  readonly #tables: readonly KeyTable[];
  /** For each index whose entries are also kept by class: a table for each class. */
  readonly #classTables: readonly (Readonly<Record<string, KeyTable>> | undefined)[];

  constructor(keyspace: Keyspace, settings: IndexSettings) {
    this.#settings = settings;
    this.#tables = INDEXES.map(
      (spec) =>
        new KeyTable((value) => ({
          key: keyspace.index(spec, value),
          retention: classNumber(indexRetention(spec, value)),
        })),
    );
    this.#classTables = INDEXES.map((spec) => (spec.keptByClass ? classTables(keyspace, spec) : undefined));
  }

  /** @param place the entry's place in the call, from 1  @param retention the class of the entry */
  add(entry: Entry, place: number, retention: RetentionClass): void {
    for (let i = 0; i < INDEXES.length; i++) {
      const value = (INDEXES[i] as IndexSpec).values(entry, this.#settings);
      if (value === undefined) continue;
      if (typeof value === 'string') this.#addValue(i, value, place, retention);
      else for (const one of new Set(value)) this.#addValue(i, one, place, retention);
    }
  }

  /** Every table with the keys the current call adds to. */
  eachTable(visit: (table: KeyTable) => void): void {
    this.#tables.forEach(visit);
    for (const tables of this.#classTables) if (tables !== undefined) Object.values(tables).forEach(visit);
  }

  /** Ends the current call. */
  clear(): void {
    this.eachTable((table) => table.clear());
  }

  #addValue(index: number, value: string, place: number, retention: RetentionClass): void {
    (this.#tables[index] as KeyTable).add(value, place);
    if (retention !== 'requests') this.#classTables[index]?.[retention]?.add(value, place);
  }
}

function classTables(keyspace: Keyspace, spec: IndexSpec): Record<string, KeyTable> {
  const table = (name: RetentionClass) =>
    new KeyTable((value) => ({ key: keyspace.classIndex(name, spec, value), retention: classNumber(name) }));
  return { errors: table('errors'), oauth: table('oauth'), audit: table('audit') };
}
