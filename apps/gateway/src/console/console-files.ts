import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** One file of the console, as it is sent. */
export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

/** The files of the built console by their paths: `index.html`, `assets/index-DqVbW2zr.js`. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the console once; it has some 200 KB, and no request names a path on the disk. While it is not built, each call
 * looks again.
 *
 * @returns a function that gives the files, `undefined` while there are none
 */
export function consoleFilesOf(folder: string): () => Promise<ConsoleFiles | undefined> {
  let files: Promise<ConsoleFiles> | undefined;
  return async () => {
    files ??= readFiles(folder);
    try {
      return await files;
    } catch {
      files = undefined;
      return undefined;
    }
  };
}

async function readFiles(folder: string): Promise<ConsoleFiles> {
  const compress = promisify(gzip);
  const assets = await readdir(join(folder, 'assets'));
  const paths = ['index.html', ...assets.map((name) => `assets/${name}`)];
  const entries = paths.flatMap((path) => {
    const type = TYPES[extname(path)];
    return type === undefined ? [] : [{ path, type }];
  });
  return new Map(
    await Promise.all(
      entries.map(async ({ path, type }): Promise<[string, ConsoleFile]> => {
        const bytes = new Uint8Array(await readFile(join(folder, path)));
        return [path, { type, bytes, gzipped: new Uint8Array(await compress(bytes, { level: 9 })) }];
      }),
    ),
  );
}
