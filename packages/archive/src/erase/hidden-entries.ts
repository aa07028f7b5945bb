import type { TimeWindow } from '@tailrace/schema';
import type { Manifest, ManifestStore } from '../manifest/manifest.js';

/** Entries that can be hidden: each change of the manifest writes all their ids. */
export const MAX_HIDDEN = 10_000;

/** As many entries are hidden as can be. */
export class TooManyHiddenError extends Error {
  override readonly name = 'TooManyHiddenError';

  constructor() {
    super(
      `${MAX_HIDDEN} entries of the archive are deleted and can be restored, which is the most there can be; DELETE /logs removes for good`,
    );
  }
}

/** @throws TooManyHiddenError when there is no room. */
export async function hideEntry(manifest: ManifestStore, id: string): Promise<void> {
  const hidden = hiddenOf(manifest.current);
  if (hidden.includes(id)) return;
  if (hidden.length >= MAX_HIDDEN) throw new TooManyHiddenError();
  await manifest.change((current) => ({ hidden: [...hiddenOf(current).filter((one) => one !== id), id] }));
}

/** @returns whether it was hidden */
export async function showEntry(manifest: ManifestStore, id: string): Promise<boolean> {
  if (!hiddenOf(manifest.current).includes(id)) return false;
  await manifest.change((current) => withoutHidden(current, (one) => one === id));
  return true;
}

/** Ids of hidden entries. */
export function hiddenOf({ hidden = [] }: Pick<Manifest, 'hidden'>): readonly string[] {
  return hidden;
}

/** Hidden entries of a window: no others matter for it. */
export function hiddenWithin(manifest: Pick<Manifest, 'hidden'>, { from, to }: TimeWindow): string[] {
  return hiddenOf(manifest).filter((id) => timestampOfId(id) >= from && timestampOfId(id) <= to);
}

/** A change of the manifest that forgets hidden entries, because they are gone. */
export function withoutHidden(manifest: Manifest, isGone: (id: string) => boolean): Partial<Manifest> {
  const hidden = hiddenOf(manifest);
  const left = hidden.filter((id) => !isGone(id));
  return left.length === hidden.length ? {} : { hidden: left };
}

/** The time an id says, epoch milliseconds; NaN where it is none of ours. */
export function timestampOfId(id: string): number {
  return Number(/(?:^|:)(?:req|log):(\d+):/.exec(id)?.[1] ?? Number.NaN);
}
