export {
  type ArchivedEntries,
  type ArchivedEntriesOptions,
  createArchivedEntries,
} from './archived-entries.js';
export { type Batch, chunkEntries, entryCount, isEncoded, openChunks, type Refusal } from './batch/batch.js';
export { BatchNumbering } from './batch/batch-numbering.js';
export type { BatchWriter } from './batch/batch-writer.js';
export { EntryIds } from './batch/entry-ids.js';
export { EntryOrder } from './batch/entry-order.js';
export { newWriterId, RedisWriter, type SpooledResult } from './batch/redis-writer.js';
export { storedAccount, type WriterAccount, writerAccount } from './batch/writer-account.js';
export { PayloadPool } from './encoding/payload.js';
export { buildEntry } from './entry/build-entry.js';
export { type HashSecret, hashJoins } from './entry/hash-joins.js';
export {
  createEntryWriter,
  type EntryWriter,
  type WriteOptions,
  type WriteRefusal,
  type WriteResult,
} from './entry-writer.js';
export { RateLimitedReports } from './rate-limited-reports.js';
export { adoptCamelCase } from './record/camel-case.js';
export {
  checkedBytes,
  FIELD_BYTES,
  LETTER_BYTES,
  lineBytes,
  NODE_BYTES,
  textBytes,
} from './record/heap-bytes.js';
export { isError } from './record/is-error.js';
export type { LogFields } from './record/log-fields.js';
export { LogRecord, RequestLine } from './record/log-record.js';
export { setOwn } from './record/own-property.js';
export { readMember } from './record/read-member.js';
export { shardOfRecord } from './record/record-shard.js';
export { type Snapshot, snapshotFields } from './record/snapshot.js';
export { snapshotError } from './record/snapshot-error.js';
export { KeyedHash } from './redaction/keyed-hash.js';
export { isHashKey, MIN_HASH_KEY_BYTES, type RedactOptions } from './redaction/redact-options.js';
export { Redactor } from './redaction/redactor.js';
export { createSenderIds, createSenderIdsOf, type SenderIds } from './sender-ids.js';
export { kindOf, shown } from './shown-value.js';
export {
  checkWholeNumber,
  mergeWriterOptions,
  type ResolvedWriterOptions,
  resolveRedis,
  resolveWriterOptions,
  shardOptions,
  WRITER_DEFAULTS,
  type WriterError,
  type WriterOptions,
} from './writer-options.js';
