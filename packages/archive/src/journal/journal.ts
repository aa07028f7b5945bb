import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, replaceFile } from '../files/private-files.js';

/** One line: where an entry stands in the stream, and its JSON there. */
export interface JournalLine {
  readonly streamId: string;
  readonly json: string;
}

/** Entries of a store in memory, kept on disk until they are sealed. */
export interface Journal {
  /** Appends; on disk at the next {@link Journal.sync}. One call waits for the other. */
  append(lines: readonly JournalLine[]): Promise<void>;
  /** Makes sure that what was appended survives the machine's end. */
  sync(): Promise<void>;
  /** Begins another file. @returns removes all files before it, whose entries are sealed now */
  rotate(): Promise<() => Promise<void>>;
  /** Writes anew what is to stay, in place of all there is. */
  rewrite(lines: readonly JournalLine[]): Promise<void>;
  close(): Promise<void>;
}

const SUFFIX = '.ndjson';
/** First line of a file that takes the place of all before it, which a crash may have left there. */
const ALONE = '=\n';

/**
 * Opens a journal.
 *
 * @returns the journal, and what an earlier process left in it, in order. A line that a crash cut off is no line.
 */
export async function openJournal(
  folder: string,
): Promise<{ readonly journal: Journal; readonly left: readonly JournalLine[] }> {
  await makeFolder(folder);
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  let left: JournalLine[] = [];
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    if (text.startsWith(ALONE)) left = [];
    left = left.concat(linesOf(text));
  }

  let files = names;
  let number = Number(names.at(-1)?.split('-')[0] ?? 0);
  let current: FileHandle | undefined;
  let isDirty = false;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  async function begin(): Promise<FileHandle> {
    number += 1;
    const name = `${String(number).padStart(12, '0')}-${randomUUID().slice(0, 8)}${SUFFIX}`;
    current = await open(join(folder, name), 'ax', 0o600);
    files = [...files, name];
    return current;
  }

  async function end(): Promise<void> {
    await current?.sync();
    await current?.close();
    current = undefined;
    isDirty = false;
  }

  async function remove(names: readonly string[]): Promise<void> {
    for (const name of names) await unlink(join(folder, name)).catch(() => undefined);
    files = files.filter((name) => !names.includes(name));
  }

  const journal: Journal = {
    append: (lines) =>
      inTurn(async () => {
        if (lines.length === 0) return;
        const file = current ?? (await begin());
        isDirty = true;
        try {
          await file.appendFile(textOf(lines));
        } catch (error) {
          // A line that was cut off must be the last of its file.
          current = undefined;
          await file.close();
          throw error;
        }
      }),
    sync: () =>
      inTurn(async () => {
        if (!isDirty) return;
        isDirty = false;
        await current?.sync();
      }),
    rotate: () =>
      inTurn(async () => {
        await end();
        const before = files;
        return () => inTurn(() => remove(before));
      }),
    rewrite: (lines) =>
      inTurn(async () => {
        await end();
        const before = files;
        number += 1;
        const name = `${String(number).padStart(12, '0')}-${randomUUID().slice(0, 8)}${SUFFIX}`;
        await replaceFile(join(folder, name), ALONE + textOf(lines));
        files = [...files, name];
        await remove(before);
      }),
    close: () => inTurn(end),
  };
  return { journal, left };
}

function textOf(lines: readonly JournalLine[]): string {
  return lines.map(({ streamId, json }) => `${streamId} ${json}\n`).join('');
}

function linesOf(text: string): JournalLine[] {
  // What follows the last line end was cut off.
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      const at = line.indexOf(' ');
      return at > 0 ? [{ streamId: line.slice(0, at), json: line.slice(at + 1) }] : [];
    });
}
