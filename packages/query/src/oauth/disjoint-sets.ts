/** Sets that are united step by step (union-find with path halving and union by size). */
export class DisjointSets {
  readonly #parents: number[];
  readonly #sizes: number[];

  /** @param count of elements, each at first alone in its set */
  constructor(count: number) {
    this.#parents = Array.from({ length: count }, (_, i) => i);
    this.#sizes = Array.from({ length: count }, () => 1);
  }

  /** The element that stands for the set of this one. */
  find(element: number): number {
    let at = element;
    for (;;) {
      const parent = this.#parents[at] as number;
      if (parent === at) return at;
      this.#parents[at] = this.#parents[parent] as number;
      at = parent;
    }
  }

  unite(a: number, b: number): void {
    const [one, other] = [this.find(a), this.find(b)];
    if (one === other) return;
    const [size, otherSize] = [this.#sizes[one] as number, this.#sizes[other] as number];
    const [larger, smaller] = size >= otherSize ? [one, other] : [other, one];
    this.#parents[smaller] = larger;
    this.#sizes[larger] = size + otherSize;
  }
}
