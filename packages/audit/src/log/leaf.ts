import { createHash } from 'node:crypto';
import { canonicalEntry, canonicalJson, type Entry } from '@tailrace/schema';
import { leafHash } from '../proof/merkle-tree.js';

/** What stands in the tree for one audit entry. */
export interface Leaf {
  /** Number of its shard; 0 without a cluster. */
  readonly shard: number;
  /** Counted per shard from 1, by the server that stored the entry. */
  readonly seq: number;
  readonly id: string;
  /** SHA-256 of the entry's canonical form, as base64url. */
  readonly hash: string;
}

/** SHA-256 of an entry's canonical form (RFC 8785), as base64url. */
export function entryHash(entry: Entry): string {
  return createHash('sha256').update(canonicalEntry(entry)).digest('base64url');
}

/** The leaf as the tree has it: the hash of its canonical JSON. */
export function hashOfLeaf({ shard, seq, id, hash }: Leaf): Buffer {
  return leafHash(canonicalJson({ shard, seq, id, hash }));
}

/** A leaf as a line of a file. */
export function leafLine({ shard, seq, id, hash }: Leaf): string {
  return `${shard} ${seq} ${hash} ${id}\n`;
}

/** @returns `undefined` for a line that is none */
export function readLeafLine(line: string): Leaf | undefined {
  const [, shard, seq, hash, id] = /^(\d{1,5}) (\d{1,16}) ([\w-]{10,43}) (\S+)$/.exec(line) ?? [];
  return id === undefined ? undefined : { shard: Number(shard), seq: Number(seq), id, hash: hash as string };
}

/** When the entry happened, which its id says: epoch milliseconds. */
export function timeOfId(id: string): number {
  return Number(/(?:^|:)(?:req|log):(-?\d+):/.exec(id)?.[1] ?? 0);
}
