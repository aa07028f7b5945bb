import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes a socket's path may have on every system. */
const MAX_SOCKET_PATH = 100;

/** The folder is another process's. */
export class FolderInUseError extends Error {
  constructor(path: string) {
    super(`${path} is in use by another gateway`);
    this.name = 'FolderInUseError';
  }
}

/** Holds a folder for this process, until it lets go or ends, however it ends. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder. A process that listens on the folder's socket has it; the kernel takes the listener away with the process,
 * so that nobody must guess whether the number of an earlier process is its own.
 *
 * @throws FolderInUseError when another process has it.
 */
export async function lockFolder(path: string): Promise<FolderLock> {
  const socket = await socketOf(path);
  for (let attempt = 0; attempt < 3; attempt++) {
    const server = await listen(socket);
    if (server !== undefined) {
      server.unref();
      return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    }
    if (await answers(socket)) break;
    // Nobody listens: its process was killed.
    await unlink(socket).catch(() => undefined);
  }
  throw new FolderInUseError(path);
}

async function socketOf(path: string): Promise<string> {
  const folder = await realpath(path);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  if (process.platform === 'win32') return `\\\\.\\pipe\\tailrace-${name}`;
  const inside = join(folder, 'lock.sock');
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `tailrace-${name}.sock`);
}

/** @returns `undefined` when the address is taken. */
async function listen(socket: string): Promise<Server | undefined> {
  const server = createServer((connection) => connection.destroy());
  server.listen(socket);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}
