import { createHash } from 'node:crypto';

/** The hash of a leaf (RFC 9162, section 2.1.1). */
export function leafHash(text: string | Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(text).digest();
}

/** A Merkle tree over leaves that are there already (RFC 9162, section 2.1). */
export interface MerkleTree {
  readonly root: Buffer;
  /** Hashes that lead from a leaf to the root, the lowest first. */
  proofOf(index: number): Buffer[];
}

/** Builds the tree. @param leaves from {@link leafHash} */
export function merkleTree(leaves: readonly Buffer[]): MerkleTree {
  const levels: Buffer[][] = [[...leaves]];
  for (let level = levels[0] as Buffer[]; level.length > 1; ) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as Buffer, level[i + 1]];
      above.push(right === undefined ? left : nodeHash(left, right));
    }
    levels.push(above);
    level = above;
  }
  return {
    root: levels.at(-1)?.[0] ?? createHash('sha256').digest(),
    proofOf(index) {
      const proof: Buffer[] = [];
      levels.slice(0, -1).forEach((level, depth) => {
        const sibling = level[Math.floor(index / 2 ** depth) ^ 1];
        if (sibling !== undefined) proof.push(sibling);
      });
      return proof;
    },
  };
}

/** Whether a leaf is at that place in the tree of that size and root (RFC 9162, section 2.1.3.2). */
export function isIncluded(
  leaf: Buffer,
  index: number,
  proof: readonly Buffer[],
  { size, root }: { readonly size: number; readonly root: Buffer },
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size || size > 2 ** 31) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place >>= 1;
        last >>= 1;
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    place >>= 1;
    last >>= 1;
  }
  return last === 0 && hash.equals(root);
}

/** The hash of two nodes (RFC 9162, section 2.1.1). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
