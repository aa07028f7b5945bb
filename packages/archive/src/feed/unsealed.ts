import type { Entry } from '@tailrace/schema';

/** An entry that is in no file yet. */
export interface UnsealedEntry {
  readonly streamId: string;
  readonly entry: Entry;
}

/** The entries behind the last sealed one, in the order of the stream. */
export class Unsealed {
  #entries: UnsealedEntry[] = [];
  /** When the oldest came, by a clock that only goes on, in milliseconds. */
  #since: number | undefined;

  get entries(): readonly UnsealedEntry[] {
    return this.#entries;
  }

  get since(): number | undefined {
    return this.#since;
  }

  add(entries: readonly UnsealedEntry[], now: number): void {
    if (entries.length === 0) return;
    this.#since ??= now;
    this.#entries = this.#entries.concat(entries);
  }

  /** Takes away the first ones, which are in a file now. */
  dropFirst(count: number, now: number): void {
    this.#entries = this.#entries.slice(count);
    this.#since = this.#entries.length > 0 ? now : undefined;
  }

  /** Takes away what was erased. @returns how many they were */
  remove(isErased: (entry: Entry) => boolean): number {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter(({ entry }) => !isErased(entry));
    if (this.#entries.length === 0) this.#since = undefined;
    return before - this.#entries.length;
  }
}
