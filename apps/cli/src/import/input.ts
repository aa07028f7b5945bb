import { type FileHandle, open } from 'node:fs/promises';
import { decompress } from '@tailrace/intake';
import { CliError } from '../cli-error.js';
import { openUnnamedFile } from '../unnamed-file.js';

/** What is imported, as it can be read: once, or from its beginning as often as asked. */
export interface Input {
  /** Bytes, packed if the input is; `undefined` when only reading to the end would tell. */
  readonly size: number | undefined;
  /** Bytes read so far in the present pass. */
  bytesRead(): number;
  /** Reads from the beginning. */
  read(): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/**
 * Opens a file, or standard input for `-`. To be read twice, what is no plain file is first copied to a temporary one.
 *
 * @throws CliError when it cannot be read.
 */
export async function openInput(path: string, stdin: AsyncIterable<Buffer>, twice: boolean): Promise<Input> {
  const file = path === '-' ? undefined : await openFile(path);
  const stats = await file?.stat();
  if (file !== undefined && stats?.isFile()) return fileInput(file, stats.size);
  const stream = file?.createReadStream() ?? stdin;
  return twice
    ? spool(stream)
    : createInput(
        undefined,
        () => stream,
        async () => file?.close(),
      );
}

async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(error);
  });
  if (!(await file.stat()).isDirectory()) return file;
  await file.close();
  throw unreadable('it is a directory');
}

async function spool(source: AsyncIterable<Buffer>): Promise<Input> {
  const file = await openUnnamedFile();
  for await (const chunk of source) await file.appendFile(chunk);
  return fileInput(file, (await file.stat()).size);
}

function fileInput(file: FileHandle, size: number): Input {
  return createInput(
    size,
    () => file.createReadStream({ start: 0, autoClose: false }),
    () => file.close(),
  );
}

function createInput(
  size: number | undefined,
  openStream: () => AsyncIterable<Buffer>,
  close: () => Promise<void>,
): Input {
  let bytesRead = 0;
  return { size, bytesRead: () => bytesRead, read, close };

  async function* read(): AsyncGenerator<Buffer> {
    bytesRead = 0;
    try {
      yield* decompress(counted(openStream()));
    } catch (error) {
      throw unreadable(error);
    }
  }

  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytesRead += chunk.length;
      yield chunk;
    }
  }
}

function unreadable(error: unknown): CliError {
  return new CliError(`cannot read the input: ${error instanceof Error ? error.message : error}`, {
    cause: error,
  });
}
