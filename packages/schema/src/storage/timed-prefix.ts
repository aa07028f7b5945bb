/** `000:` to `999:` */
const ENDS: readonly string[] = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, '0')}:`);

/**
 * Makes `{prefix}{ms}:`. Most entries are of the second of the one before, and turning a number of 13 digits into a text
 * takes longer than the rest of an entry's id.
 */
export class TimedPrefix {
  readonly #prefix: string;
  #second = Number.NaN;
  #beforeMs = '';

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** @param ms epoch milliseconds */
  at(ms: number): string {
    const second = Math.floor(ms / 1000);
    const end = ENDS[ms - second * 1000];
    if (second <= 0 || ms > Number.MAX_SAFE_INTEGER || end === undefined) return `${this.#prefix}${ms}:`;
    if (second !== this.#second) {
      this.#second = second;
      this.#beforeMs = this.#prefix + second;
    }
    return this.#beforeMs + end;
  }
}
