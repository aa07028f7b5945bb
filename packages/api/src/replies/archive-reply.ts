import { z } from 'zod';

const count = z.number().int();

/** What `GET /logs/archive` replies. */
export const archiveReplySchema = z.object({
  archive: z
    .object({
      id: z.string().describe('As `settings:archive` has it in Redis'),
      folder: z.string().describe('DATA_DIR'),
      generation: count.describe('Grows with each change of its files'),
      files: count,
      entries: count.describe('Sealed in them'),
      bytes: count,
      newest_sealed: z.iso.datetime().nullable().describe('Timestamp of the newest sealed entry'),
      unsealed: count.describe('Entries that are in no file yet'),
      redis_from: z.iso
        .datetime()
        .nullable()
        .describe('Redis has every entry from here on; null: all that have not expired'),
      erasing: count.describe('Files that erased entries are still to be taken out of; no read shows them'),
      lack: z.string().nullable().describe('What reads of the archive lack; null: nothing'),
      trouble: z.string().nullable().describe('Why nothing can be sealed now; null: it can'),
      days: z
        .array(
          z.object({
            class: z.string().describe('A retention class, or a class that was given to an import'),
            day: z.string().describe('UTC'),
            files: count,
            entries: count,
            bytes: count,
          }),
        )
        .describe('Newest first'),
    })
    .nullable()
    .describe('null: there is none, as DATA_DIR is not set or DuckDB is missing'),
});

/** @see archiveReplySchema */
export type ArchiveReply = z.output<typeof archiveReplySchema>;

/** What `GET /logs/archive/verify` replies. */
export const archiveVerifyReplySchema = z.object({
  files: count.describe('All that were looked at'),
  entries: count.describe('In those that are as they were sealed'),
  damaged: z.array(z.object({ name: z.string(), reason: z.string() })),
});

/** @see archiveVerifyReplySchema */
export type ArchiveVerifyReply = z.output<typeof archiveVerifyReplySchema>;
