import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SavedSearch, SavedSearches } from '@tailrace/query';

const FILE = 'searches.json';

/**
 * Keeps a copy of the saved searches in a file, for an engine that forgets all when it ends: what the file has is put back at the start.
 *
 * @param folder DATA_DIR, which is there
 * @param report told when the file cannot be read or written; the searches work all the same
 */
export async function withSearchesFile(
  searches: SavedSearches,
  folder: string,
  report: (text: string) => void,
): Promise<SavedSearches> {
  const path = join(folder, FILE);
  let writing: Promise<unknown> = Promise.resolve();
  const copy = async () => {
    const text = JSON.stringify(await searches.list(), null, 2);
    writing = writing
      .then(() => replace(path, text))
      .catch((error: unknown) => {
        report(`saved searches cannot be written to ${path}: ${error}`);
      });
    await writing;
  };
  for (const search of await readSearches(path, report)) await searches.save(search);
  return {
    list: () => searches.list(),
    async save(search) {
      const isSaved = await searches.save(search);
      if (isSaved) await copy();
      return isSaved;
    },
    async remove(name) {
      const isRemoved = await searches.remove(name);
      if (isRemoved) await copy();
      return isRemoved;
    },
  };
}

async function readSearches(path: string, report: (text: string) => void): Promise<SavedSearch[]> {
  try {
    const saved: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (Array.isArray(saved) && saved.every(isSearch)) return saved;
    throw new Error('it holds something else');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      report(`saved searches cannot be read from ${path}: ${error}`);
    }
    return [];
  }
}

function isSearch(saved: unknown): saved is SavedSearch {
  const { name, query, savedAt } = (saved ?? {}) as Partial<Record<keyof SavedSearch, unknown>>;
  return typeof name === 'string' && typeof query === 'string' && typeof savedAt === 'number';
}

/** Whoever reads the file sees the text before or this one. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
