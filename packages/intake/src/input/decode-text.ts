import { TextDecoder } from 'node:util';

const BYTE_ORDER_MARK = /^\ufeff/;
/** So many bytes tell UTF-16 without a mark: every second one is 0 where the text is ASCII. */
const LOOK_BYTES = 64;

/** Passes bytes on, UTF-16 as UTF-8. UTF-16 is told by its byte order mark, or by zeros at every second place. */
export async function* decodeText(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield* passed(chunk, decoder);
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < LOOK_BYTES) continue;
    decoder = decoderOf(head);
    yield* passed(head, decoder);
    head = undefined;
  }
  if (head !== undefined) {
    decoder = decoderOf(head);
    yield* passed(head, decoder);
  }
  const last = decoder?.decode();
  if (last) yield Buffer.from(last);
}

function* passed(bytes: Buffer, decoder: TextDecoder | undefined): Generator<Buffer> {
  if (decoder === undefined) yield bytes;
  else yield Buffer.from(decoder.decode(bytes, { stream: true }).replace(BYTE_ORDER_MARK, ''));
}

function decoderOf(head: Buffer): TextDecoder | undefined {
  const encoding = encodingOf(head);
  return encoding === undefined ? undefined : new TextDecoder(encoding);
}

function encodingOf(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.length < 4) return undefined;
  const look = head.subarray(0, LOOK_BYTES - (head.length % 2));
  const zeros = [0, 0];
  look.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] as number) + 1;
  });
  const half = look.length / 2;
  // A mark of zeros all through is a hole in the file, no text.
  if ((zeros[1] as number) > half * 0.7 && (zeros[0] as number) < half * 0.1) return 'utf-16le';
  if ((zeros[0] as number) > half * 0.7 && (zeros[1] as number) < half * 0.1) return 'utf-16be';
  return undefined;
}
