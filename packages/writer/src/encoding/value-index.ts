import {
  type Entry,
  type IndexSpec,
  indexRetention,
  type Keyspace,
  keyValue,
  NO_VALUE,
  type RetentionClass,
} from '@tailrace/schema';
import { classNumber } from './class-number.js';
import { KeyTable } from './key-table.js';
import { KnownValues } from './known-values.js';

/** What the script is to do with one value of an index, as one letter in the marks of an entry. */
export type Mark = typeof ADD | typeof ADD_AND_REFRESH | typeof LEAVE_OUT;
export const ADD = ' ';
export const ADD_AND_REFRESH = 'r';
/** The value does not stand in a key, or not whole in the entry: its key is made here and sent with the other indexes. */
export const LEAVE_OUT = '-';

/** An index whose keys the script makes: a prefix, and the text of one field. */
export class ValueIndex {
  readonly spec: IndexSpec;
  readonly field: keyof Entry;
  /** The key before the value. */
  readonly prefix: string;
  /** Number of its retention class in the script's table. */
  readonly retention: number;
  /** The keys that are made here. */
  readonly others: KeyTable;
  readonly #refreshed = new KnownValues();
  #generation = 0;

  /** @param retention the class whose own index this is; `undefined`: the index of every entry */
  constructor(keyspace: Keyspace, spec: IndexSpec, retention?: RetentionClass) {
    this.spec = spec;
    this.field = spec.field as keyof Entry;
    this.prefix =
      retention === undefined
        ? keyspace.index(spec, NO_VALUE)
        : keyspace.classIndex(retention, spec, NO_VALUE);
    this.retention = classNumber(retention ?? indexRetention(spec, NO_VALUE));
    this.others = new KeyTable((value) => ({
      key: this.prefix + keyValue(value),
      retention: this.retention,
    }));
  }

  /** @param generation keys refreshed in it need no refresh */
  mark(value: string, generation: number): Mark {
    if (generation !== this.#generation) this.#startGeneration(generation);
    if (this.#refreshed.has(value)) return ADD;
    if (keyValue(value) !== value) return LEAVE_OUT;
    this.#refreshed.add();
    return ADD_AND_REFRESH;
  }

  #startGeneration(generation: number): void {
    this.#generation = generation;
    this.#refreshed.clear();
  }
}
