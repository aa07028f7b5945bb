import type { Findings } from './findings.js';
import { hashOfLeaf } from './leaf.js';
import type { PlacedLeaf } from './proof-store.js';
import { TRAIL_LOST } from './trail-lost.js';
import { TreeGrowth } from './tree-growth.js';

/** Leaves that are read, with what is known of each. */
export interface KnownLeaves {
  /** Leaves by the ids of their entries. */
  readonly places: ReadonlyMap<string, number>;
  /** The hash that was recorded, of each place. */
  readonly hashes: readonly string[];
  readonly ids: readonly string[];
  /** How often the trail of a shard was lost. */
  readonly restarts: number;
}

/** Checks places, sequence numbers and ids of the leaves of a tree, one after the other, and what roots it had. */
export class TreeCheck {
  readonly #findings: Findings;
  readonly #roots: ReadonlyMap<number, Buffer>;
  readonly #tree = new TreeGrowth();
  readonly #last = new Map<number, number>();
  /** Sequence numbers that were passed over, by shard and number. */
  readonly #gaps = new Map<
    string,
    { readonly place: number; readonly seq: number; readonly shard: number }
  >();
  readonly #places = new Map<string, number>();
  readonly #hashes: string[] = [];
  readonly #ids: string[] = [];
  #restarts = 0;
  #next = 0;
  #isRootWrong = false;

  /** @param roots what was signed: roots by the size of the tree */
  constructor(findings: Findings, roots: ReadonlyMap<number, Buffer>) {
    this.#findings = findings;
    this.#roots = roots;
  }

  add(leaf: PlacedLeaf): void {
    const { place, shard, seq, id, hash } = leaf;
    for (; this.#next < place; this.#next++)
      this.#findings.add({ kind: 'removed', place: this.#next, what: 'leaf' });
    this.#next = place + 1;
    this.#ids[place] = id;
    this.#hashes[place] = hash;
    if (hash === TRAIL_LOST) this.#restarts++;
    else this.#checkNumber(leaf);
    if (hash !== TRAIL_LOST && this.#places.has(id))
      this.#findings.add({ kind: 'added', place, id, what: 'leaf' });
    else this.#places.set(id, place);
    this.#tree.add(hashOfLeaf({ shard, seq, id, hash }));
    const signed = this.#roots.get(place + 1);
    if (signed === undefined || this.#isRootWrong || signed.equals(this.#tree.root())) return;
    this.#isRootWrong = true;
    this.#findings.add({ kind: 'tree', place, what: 'leaf' });
  }

  /** @param size leaves that were signed */
  end(size: number): KnownLeaves {
    for (; this.#next < size; this.#next++)
      this.#findings.add({ kind: 'removed', place: this.#next, what: 'leaf' });
    for (const { place, seq, shard } of this.#gaps.values())
      this.#findings.add({ kind: 'removed', place, seq, shard, what: 'number' });
    return { places: this.#places, hashes: this.#hashes, ids: this.#ids, restarts: this.#restarts };
  }

  #checkNumber({ place, shard, seq, id }: PlacedLeaf): void {
    const wanted = (this.#last.get(shard) ?? 0) + 1;
    if (seq >= wanted) {
      for (let gap = wanted; gap < seq && this.#gaps.size < MAX_GAPS; gap++)
        this.#gaps.set(`${shard} ${gap}`, { place, seq: gap, shard });
      this.#last.set(shard, seq);
      return;
    }
    const isLate = this.#gaps.delete(`${shard} ${seq}`);
    this.#findings.add({ kind: isLate ? 'moved' : 'added', place, id, what: 'leaf' });
  }
}

const MAX_GAPS = 10_000;
