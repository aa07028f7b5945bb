import {
  type Entry,
  EVERY_VALUE,
  HOUR_MS,
  MAX_OUTSIDE_VALUES,
  OTHER_VALUE,
  type OutsideValues,
  otherPathValue,
} from '@tailrace/schema';

/** Hours whose values stay known; entries come from few at a time. */
const MAX_HOURS = 4;

/** The values of one hour that have keys of their own. */
interface HourValues {
  readonly hosts: Set<string>;
  readonly paths: Set<string>;
}

/**
 * Gives the first hosts and paths of an hour keys of their own, and one key together to all that come after them, so that
 * a client which invents them cannot fill the server. A path with a route has been confirmed by the application and is not
 * counted. A value stays what it was when an entry is encoded again.
 */
export class BoundedValues implements OutsideValues {
  readonly #max: typeof MAX_OUTSIDE_VALUES;
  readonly #hours = new Map<number, HourValues>();
  #number = Number.NaN;
  #values: HourValues | undefined;
  /** Indexes and counters ask for the same entry, one after the other. */
  #entry: Entry | undefined;
  #host: string | undefined;
  #path: string | undefined;

  constructor(max: typeof MAX_OUTSIDE_VALUES = MAX_OUTSIDE_VALUES) {
    this.#max = max;
  }

  hostOf(entry: Entry): string | undefined {
    if (entry !== this.#entry) this.#look(entry);
    return this.#host;
  }

  pathOf(entry: Entry): string | undefined {
    if (entry !== this.#entry) this.#look(entry);
    return this.#path;
  }

  #look(entry: Entry): void {
    const values = this.#hourOf(entry.timestamp);
    const host = EVERY_VALUE.hostOf(entry);
    const isHostNamed = host === undefined || isWithin(values.hosts, host, this.#max.host);
    this.#host = isHostNamed ? host : OTHER_VALUE;
    const path = EVERY_VALUE.pathOf(entry);
    const isPathNamed =
      path === undefined || entry.route !== undefined || isWithin(values.paths, path, this.#max.path);
    this.#path = isPathNamed ? path : otherPathValue(entry.method as string);
    this.#entry = entry;
  }

  #hourOf(timestamp: number): HourValues {
    const number = Math.floor(timestamp / HOUR_MS);
    if (number === this.#number && this.#values !== undefined) return this.#values;
    let values = this.#hours.get(number);
    if (values === undefined) {
      if (this.#hours.size >= MAX_HOURS) this.#hours.delete(this.#hours.keys().next().value as number);
      values = { hosts: new Set(), paths: new Set() };
      this.#hours.set(number, values);
    }
    this.#number = number;
    this.#values = values;
    return values;
  }
}

function isWithin(values: Set<string>, value: string, max: number): boolean {
  if (values.has(value)) return true;
  if (values.size >= max) return false;
  values.add(value);
  return true;
}
