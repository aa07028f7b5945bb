import { setImmediate } from 'node:timers/promises';

/** How long one request may keep all others waiting, in milliseconds. */
const SLICE_MS = 10;

/** Maps a list, and lets others have their turn when that takes long. */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  map: (item: Item, place: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let began = performance.now();
  for (const [place, item] of items.entries()) {
    results.push(map(item, place));
    if (performance.now() - began < SLICE_MS) continue;
    await setImmediate();
    began = performance.now();
  }
  return results;
}
