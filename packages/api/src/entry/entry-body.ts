import { ENTRY_FIELDS } from '@tailrace/schema';
import { z } from 'zod';
import { type EntryDraft, entryInputSchema } from './entry-schema.js';

/** Entries one request may bring. */
export const MAX_ENTRIES_PER_REQUEST = 1_000;

/**
 * One entry of a request's body. Fields an entry does not have go into `data`, as the logger does it; a known field that
 * is null is left out.
 */
export const entryBodySchema = z.preprocess(withUnknownInData, entryInputSchema);

/** @param given typed as a client writes it; it may be any JSON */
function withUnknownInData(given: EntryDraft): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const fields = Object.entries(given);
  const known = fields.filter(([name, value]) => ENTRY_FIELDS.has(name) && value !== null);
  const unknown = fields.filter(([name]) => !ENTRY_FIELDS.has(name));
  const entry: Record<string, unknown> = Object.fromEntries(known);
  const { data = {} } = entry;
  if (unknown.length === 0 || typeof data !== 'object' || Array.isArray(data)) return entry;
  return { ...entry, data: { ...Object.fromEntries(unknown), ...data } };
}
