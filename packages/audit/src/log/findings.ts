/** Something that is not as it was signed. */
export interface LogFinding {
  /** `checkpoint`: what is signed is of no known key; `tree`: the first signed tree that the leaves do not make. */
  readonly kind: 'checkpoint' | 'tree' | 'changed' | 'removed' | 'added' | 'moved';
  /** What it was done to: the entry itself, its leaf in the tree, or a sequence number that has no leaf. */
  readonly what: 'entry' | 'leaf' | 'number';
  /** In the tree, from 0; missing for what is in no tree. */
  readonly place?: number | undefined;
  readonly id?: string | undefined;
  readonly shard?: number | undefined;
  /** Sequence number of its shard. */
  readonly seq?: number | undefined;
}

/** Findings: all are counted, the first ones are kept. */
export class Findings {
  readonly #kept: LogFinding[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(finding: LogFinding): void {
    this.#count++;
    if (this.#kept.length < MAX_KEPT) this.#kept.push(finding);
  }

  /** By their places, what has none last. */
  get list(): readonly LogFinding[] {
    const place = (finding: LogFinding) => finding.place ?? Number.POSITIVE_INFINITY;
    return this.#kept.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  }
}

const MAX_KEPT = 1_000;
