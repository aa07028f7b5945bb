import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** How a packed file begins, and what unpacks it. */
interface Packing {
  readonly name: string;
  readonly magic: readonly number[];
  readonly command: string;
  /** `undefined` where this Node cannot. */
  readonly open?: (() => Transform) | undefined;
}

/** Node 22.15 and later; older ones have no zstd. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };

const PACKINGS: readonly Packing[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], command: 'gzip -dc', open: () => zlib.createGunzip() },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], command: 'zstd -dc', open: createZstdDecompress },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], command: 'bzip2 -dc' },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], command: 'xz -dc' },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], command: 'lz4 -dc' },
  { name: 'lzip', magic: [0x4c, 0x5a, 0x49, 0x50], command: 'lzip -dc' },
  { name: 'compress', magic: [0x1f, 0x9d], command: 'uncompress -c' },
  { name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], command: 'unzip -p' },
  { name: '7z', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], command: '7z x -so' },
];
const LONGEST_MAGIC = Math.max(...PACKINGS.map(({ magic }) => magic.length));
/** Packed bytes unpacked at once; what comes of them is held in memory, up to a thousand times as much. */
const PIECE_BYTES = 4 * 1024;

/**
 * Passes bytes on, unpacked when they begin as gzip does (RFC 1952), or zstd where Node has it.
 *
 * @throws Error when they are packed otherwise, or when they break off or are damaged; all that could be unpacked has been
 * passed on before.
 */
export async function* decompress(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < LONGEST_MAGIC) {
    const next = await source.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = withHead(head, source);
  const packing = PACKINGS.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  if (packing === undefined) yield* whole;
  else if (packing.open === undefined) {
    throw new Error(
      `it is packed with ${packing.name}; unpack it first: ${packing.command} FILE | tailrace import -`,
    );
  } else yield* unpack(whole, packing.open(), packing.name);
}

/** By hand, as a pipeline would throw away what was unpacked but not read when the input breaks off. */
async function* unpack(
  source: AsyncIterable<Buffer>,
  unpacker: Transform,
  name: string,
): AsyncGenerator<Buffer> {
  let unpacked: Buffer[] = [];
  let failure: Error | undefined;
  // An unpacker that fails does not call back what was being written.
  let wake = () => {};
  unpacker.on('data', (piece: Buffer) => unpacked.push(piece));
  unpacker.on('error', (error) => {
    failure = error;
    wake();
  });
  const step = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      start(resolve);
    });
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length && failure === undefined; at += PIECE_BYTES) {
        await step((done) => unpacker.write(chunk.subarray(at, at + PIECE_BYTES), () => done()));
        yield* take();
      }
      if (failure !== undefined) break;
    }
    if (failure === undefined) await step((done) => unpacker.once('end', done).end());
    yield* take();
  } finally {
    unpacker.destroy();
  }
  if (failure !== undefined) throw new Error(reasonOf(failure, name), { cause: failure });

  function take(): Buffer[] {
    const taken = unpacked;
    unpacked = [];
    return taken;
  }
}

function reasonOf(failure: Error, name: string): string {
  const isCut = (failure as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  const what = isCut ? `its ${name} is cut off` : `its ${name} is damaged (${failure.message})`;
  return `${what}; what could be read was imported, but for the last line`;
}

async function* withHead(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
