import { ENTRY_FIELDS } from '@tailrace/schema';
import { z } from 'zod';
import { type EntryDraft, entryInputSchema } from './entry-schema.js';

/** Entries one request may bring. */
export const MAX_ENTRIES_PER_REQUEST = 1_000;
/** Entries one request may bring into the archive, where each request becomes a file a day. */
export const MAX_ARCHIVED_PER_REQUEST = 10_000;

/**
 * One entry of a request's body. Fields an entry does not have go into `data`, as the logger does it; a known field that
 * is null is left out.
 */
export const entryBodySchema = z.preprocess(withUnknownInData, entryInputSchema);

/** @param given typed as a client writes it; it may be any JSON */
function withUnknownInData(given: EntryDraft): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const entry: Record<string, unknown> = {};
  const unknown: [name: string, value: unknown][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!ENTRY_FIELDS.has(name)) unknown.push([name, value]);
    else if (value !== null) entry[name] = value;
  }
  const { data = {} } = entry;
  if (unknown.length === 0 || typeof data !== 'object' || Array.isArray(data)) return entry;
  return { ...entry, data: { ...Object.fromEntries(unknown), ...data } };
}
