import type { AgeRefusal, Entry } from '@tailrace/schema';
import { type Payload, payloadEntries } from '../encoding/payload.js';

/** Entries of one chunk: more would hold Redis for longer than about 8 ms. */
export const MAX_CHUNK_ENTRIES = 256;

/** An entry the server does not take. */
export interface Refusal {
  readonly id: string;
  readonly reason: AgeRefusal['code'] | 'rejected';
  readonly message: string;
}

/** What one run of the batch script applies. Its number stands for its entries: none is added, but some may be refused. */
export interface Chunk {
  /** Counted per writer from 1. */
  readonly number: number;
  /** How many entries it has, without those that were refused. */
  size: number;
  /** The entries until they are encoded, or their encoded form: what waits for a reply should not burden the garbage collector. */
  content: readonly Entry[] | Payload;
  /** For each entry the key under which its sender's own id of it is known. @default the entries have none */
  ownIdKeys?: readonly string[] | undefined;
}

/** Whether the chunk is encoded. */
export function isEncoded(content: Chunk['content']): content is Payload {
  return !Array.isArray(content);
}

/** The entries of a call that is not known to be applied. */
export function chunkEntries({ content }: Chunk): readonly Entry[] {
  return isEncoded(content) ? payloadEntries(content) : content;
}

/** Numbered entries on their way; a batch that failed is sent again from its first open chunk. */
export interface Batch {
  readonly chunks: readonly Chunk[];
  /** Number, in the order of all log calls, of the first record it was made of. */
  readonly firstRecord: number;
  /** Calls that are known to be applied. */
  applied: number;
  /** How often it was sent: when more than once, a socket may still hold its buffers. */
  attempts: number;
  /** Entries that were taken out of its chunks. */
  refused: readonly Refusal[];
  /** Entries that were taken out since they had been stored before: by their ids, what they are stored as. */
  storedBefore?: ReadonlyMap<string, string>;
  /** Somebody else sees to it, who has what was open then: an attempt that goes on does nothing more. */
  isLeft: boolean;
}

/** Chunks not known to be applied. */
export function openChunks(batch: Batch): readonly Chunk[] {
  return batch.chunks.slice(batch.applied);
}

export function entryCount(chunks: readonly Pick<Chunk, 'size'>[]): number {
  return chunks.reduce((sum, { size }) => sum + size, 0);
}
