import { Command } from 'ioredis';

/** An EVALSHA whose bytes are made already: ioredis would join its arguments into two more copies of the payload. */
export class EncodedCommand extends Command {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super('evalsha', [], { replyEncoding: 'utf8' });
    this.#bytes = bytes;
  }

  override toWritable(): Buffer {
    return this.#bytes;
  }
}
