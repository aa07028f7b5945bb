import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type NoteSigner, verifierKeyOf } from '../proof/signed-note.js';
import { type Leaf, leafLine, readLeafLine } from './leaf.js';

/** The files of whoever signs: its key, and what it signed, where nobody who can write to Redis can change it. */
export interface ProofFolder {
  readonly path: string;
  readonly signer: NoteSigner;
  /** Public keys that are known, as the file `public-keys` has them now: its own, and those somebody added. */
  publicKeys(): Promise<readonly string[]>;
  /** When the proof began, epoch milliseconds. */
  readonly began: number;
  /** Reads all leaves, in order. @returns how many there are */
  leaves(visit: (leaf: Leaf, place: number) => void): Promise<number>;
  /** Appends leaves; they are on the disk when it resolves. */
  appendLeaves(leaves: readonly Leaf[]): Promise<void>;
  /** Keeps a checkpoint as the newest, and one a minute for good. @param now epoch milliseconds */
  keepCheckpoint(note: string, now: number): Promise<void>;
  /** Checkpoints that are kept, oldest first, at most 10,000. */
  checkpoints(): Promise<readonly string[]>;
}

const FILE_MODE = 0o600;
const MINUTE_MS = 60_000;
const MAX_CHECKPOINTS = 10_000;

/**
 * Opens the folder, and makes it with a key of its own when it is missing. A key that is taken away is replaced by a new
 * one; its public key stays known.
 *
 * @param now epoch milliseconds
 * @throws what the file system throws; RangeError when the key is none of Ed25519.
 */
export async function openProofFolder(path: string, now: number): Promise<ProofFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const signer = { name: 'tailrace-audit', privateKey: await privateKeyAt(join(path, 'signing.key')) };
  const keysFile = join(path, 'public-keys');
  const publicKeys = async () => (await textOf(keysFile)).split('\n').filter((line) => line !== '');
  const own = verifierKeyOf(signer);
  if (!(await publicKeys()).includes(own)) await appendFile(keysFile, `${own}\n`, { mode: FILE_MODE });
  const beganFile = join(path, 'began');
  const began = Number(await textOf(beganFile)) || now;
  await replace(beganFile, `${began}\n`);
  const leavesFile = join(path, 'leaves');
  const newestFile = join(path, 'checkpoint');
  const allFile = join(path, 'checkpoints');
  let keptAt = 0;
  return {
    path,
    signer,
    publicKeys,
    began,
    async leaves(visit) {
      await cutHalfLine(leavesFile);
      let place = 0;
      for await (const line of linesOf(leavesFile)) {
        const leaf = readLeafLine(line);
        if (leaf === undefined) throw new Error(`line ${place + 1} of ${leavesFile} is no leaf`);
        visit(leaf, place++);
      }
      return place;
    },
    appendLeaves: (leaves) => appendSafely(leavesFile, leaves.map(leafLine).join('')),
    async keepCheckpoint(note, now) {
      await replace(newestFile, note);
      if (now - keptAt < MINUTE_MS && now >= keptAt) return;
      keptAt = now;
      await appendSafely(allFile, `${JSON.stringify(note)}\n`);
    },
    async checkpoints() {
      const notes: string[] = [];
      for await (const line of linesOf(allFile)) {
        const note = noteOf(line);
        if (note !== undefined) notes.push(note);
        if (notes.length > MAX_CHECKPOINTS) notes.shift();
      }
      const newest = await textOf(newestFile);
      return newest === '' ? notes : [...notes, newest];
    },
  };
}

async function privateKeyAt(path: string): Promise<KeyObject> {
  const text = await textOf(path);
  if (text !== '') {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType !== 'ed25519')
      throw new RangeError(`${path} is a key of ${key.asymmetricKeyType}; allowed: ed25519`);
    return key;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  await replace(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return privateKey;
}

/** @returns '' for a file that is missing */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

async function appendSafely(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', FILE_MODE);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** A process that was killed may have left half a line. */
async function cutHalfLine(path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, 1_000));
    await file.read(tail, 0, tail.length, size - tail.length);
    const end = size - tail.length + tail.lastIndexOf(0x0a) + 1;
    if (end < size) await truncate(path, end);
  } finally {
    await file.close();
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      if (line !== '') yield line;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    input.destroy();
  }
}

function noteOf(line: string): string | undefined {
  try {
    return String(JSON.parse(line));
  } catch {
    return undefined;
  }
}
