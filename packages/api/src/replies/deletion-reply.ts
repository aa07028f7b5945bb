import { z } from 'zod';

/** Why an entry is deleted or restored, for the audit trail. */
export const deletionQuerySchema = z.strictObject({
  reason: z.string().min(1).max(1_000).optional().describe('Why, for the audit trail'),
});

/** What `DELETE /api/logs/{id}` replies. */
export const deletedReplySchema = z.object({
  deleted: z.string().describe('Id of the entry; no read finds it from here on'),
  audit: z.string().describe('Id of the audit entry that tells of it'),
});

/** What `POST /api/logs/{id}/restore` replies. */
export const restoredReplySchema = z.object({
  restored: z.string().describe('Id of the entry, which is found again'),
  audit: z.string().describe('Id of the audit entry that tells of it'),
});
