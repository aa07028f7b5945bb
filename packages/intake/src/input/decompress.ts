import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Passes bytes on, unzipped when they begin as gzip does (RFC 1952: 1f 8b). */
export async function* decompress(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await source.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = withHead(head, source);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  pipeline(Readable.from(whole), gunzip, () => undefined); // an error destroys gunzip, whose reader then sees it
  yield* gunzip;
}

async function* withHead(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
