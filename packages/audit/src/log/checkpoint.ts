import { type NoteSigner, openNote, signNote } from '../proof/signed-note.js';
import type { TreeGrowth } from './tree-growth.js';

/** What was signed (https://c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Leaves of the tree. */
  readonly size: number;
  readonly root: Buffer;
  /** When it was signed, epoch milliseconds. */
  readonly time: number;
}

/** Signs a tree as it is now. @param now epoch milliseconds */
export function signCheckpoint(tree: TreeGrowth, signer: NoteSigner, now: number): string {
  const root = tree.root().toString('base64');
  return signNote(`${signer.name}\n${tree.size}\n${root}\ntime ${new Date(now).toISOString()}\n`, signer);
}

/** @param keys public keys, one of which must have signed @returns `undefined` when none did */
export function readCheckpoint(note: string, keys: readonly string[]): Checkpoint | undefined {
  for (const key of keys) {
    const [, size = '', root = '', time = ''] = openNote(note, key)?.split('\n') ?? [];
    if (!/^\d{1,15}$/.test(size)) continue;
    return {
      size: Number(size),
      root: Buffer.from(root, 'base64'),
      time: Date.parse(time.replace(/^time /, '')),
    };
  }
  return undefined;
}
