import { z } from 'zod';

const count = z.number().int().min(0);
const time = z.iso.datetime({ precision: 3 }).nullable();

/** The reply of `GET /api/audit/checkpoint`. */
export const checkpointReplySchema = z.object({
  signing: z.boolean().describe('Whether this gateway signs: it has a folder for its key'),
  size: count.describe('Entries that are signed'),
  signed_at: time,
  checkpoint: z
    .string()
    .nullable()
    .describe('A signed note (C2SP tlog-checkpoint): name, size, root, time, signature'),
  public_keys: z.array(z.string()).describe('Keys this gateway knows, as name+hash+base64'),
});

/** @see checkpointReplySchema */
export type CheckpointReply = z.output<typeof checkpointReplySchema>;

/** The reply of `GET /api/audit/proof`. */
export const proofReplySchema = z.object({
  signing: z.boolean().describe('Whether this gateway signs: it has a folder for its key'),
  size: count.describe('Entries that are signed'),
  signed_at: time,
  checkpoint: z.string().nullable().describe('The newest signed checkpoint'),
  proven: count.describe('Entries that are stored as they were signed'),
  unsigned: count.describe('Entries that are stored and not signed yet: those of the last second'),
  before: count.describe('Entries that say they are from before the proof began: they are not proven'),
  expired: count.describe('Entries that went at the end of their time'),
  cleared: count.describe('Entries that were cleared, as an entry logs.cleared says'),
  restarts: count.describe('How often a shard lost what was not signed yet'),
  findings: z
    .array(
      z.object({
        kind: z.enum(['checkpoint', 'tree', 'changed', 'removed', 'added', 'moved']),
        what: z.enum(['entry', 'leaf', 'number']),
        place: count.nullable().describe('In the tree, from 0'),
        id: z.string().nullable(),
        shard: count.nullable(),
        seq: count.nullable().describe('Sequence number of the shard'),
      }),
    )
    .describe('What is not as it was signed, the first place first; at most 1000'),
  finding_count: count,
  reason: z.string().nullable().describe('Why not all was looked at'),
});

/** @see proofReplySchema */
export type ProofReply = z.output<typeof proofReplySchema>;
