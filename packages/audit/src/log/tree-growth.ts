import { createHash } from 'node:crypto';
import { nodeHash } from '../proof/merkle-tree.js';

/** A Merkle tree (RFC 9162, section 2.1) to which leaves are added one by one. It keeps the roots of its full subtrees only. */
export class TreeGrowth {
  #size: number;
  /** Roots of the full subtrees, the largest first: one for each bit that is set in the size. */
  readonly #nodes: Buffer[];

  /** @param nodes as {@link TreeGrowth.nodes} gives them, of a tree of that size */
  constructor(size = 0, nodes: readonly Buffer[] = []) {
    this.#size = size;
    this.#nodes = [...nodes];
  }

  get size(): number {
    return this.#size;
  }

  get nodes(): readonly Buffer[] {
    return this.#nodes;
  }

  /** @param leaf from `leafHash` */
  add(leaf: Buffer): void {
    let node = leaf;
    for (let left = this.#size; left % 2 === 1; left = Math.floor(left / 2))
      node = nodeHash(this.#nodes.pop() as Buffer, node);
    this.#nodes.push(node);
    this.#size++;
  }

  root(): Buffer {
    const [last = EMPTY, ...above] = this.#nodes.toReversed();
    return above.reduce((right, left) => nodeHash(left, right), last);
  }

  copy(): TreeGrowth {
    return new TreeGrowth(this.#size, this.#nodes);
  }
}

const EMPTY = createHash('sha256').digest();
