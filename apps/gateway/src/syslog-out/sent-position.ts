import { readFile, rename, writeFile } from 'node:fs/promises';
import { isEventId } from '@tailrace/schema';

/** Up to where entries have been sent, in a file of its own. */
export interface SentPosition {
  /** @returns the id in the live stream up to which all was sent; `undefined` before the first */
  read(): Promise<string | undefined>;
  write(streamId: string): Promise<void>;
}

/** @see SentPosition */
export function sentPositionAt(path: string): SentPosition {
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
      const id = text.trim();
      if (isEventId(id)) return id;
      throw new Error(`${path} holds no position; remove it to begin with what is written from now on`);
    },
    async write(streamId) {
      const aside = `${path}.new`;
      await writeFile(aside, `${streamId}\n`, { mode: 0o600 });
      await rename(aside, path);
    },
  };
}
