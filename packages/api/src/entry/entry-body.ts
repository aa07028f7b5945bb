import { ENTRY_FIELDS } from '@tailrace/schema';
import { z } from 'zod';
import { type EntryDraft, entryInputSchema } from './entry-schema.js';
import { isOwnId, ownIdSchema } from './own-id.js';

/** Entries one request may bring. */
export const MAX_ENTRIES_PER_REQUEST = 1_000;
/** Entries one request may bring into the archive, where each request becomes a file a day. */
export const MAX_ARCHIVED_PER_REQUEST = 10_000;

/**
 * One entry of a request's body. Fields an entry does not have go into `data`, as the logger does it; a known field that
 * is null is left out.
 */
export const entryBodySchema = z.preprocess(withUnknownInData, entryInputSchema);

const identifiedInputSchema = entryInputSchema.extend({
  id: ownIdSchema
    .optional()
    .describe('An id of your own, of 16 characters or more: sent again it is stored once'),
});

/**
 * The same with an id of the sender's own, and with the names shippers give: `date` (epoch seconds or ISO 8601) where
 * there is no `timestamp`, `log` where there is no `message`. An id that is too short to be one goes into `data`.
 *
 * @see https://docs.fluentbit.io/manual/pipeline/outputs/http
 */
export const identifiedEntryBodySchema = z.preprocess(fromShipper, identifiedInputSchema);

function fromShipper(given: z.input<typeof identifiedInputSchema>): unknown {
  const entry = withUnknownInData(given);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return entry;
  const taken = { ...(entry as Record<string, unknown>) };
  const { id } = given;
  if (!isOwnId(id)) delete taken.id;
  const { data: known = {} } = taken;
  if (typeof known !== 'object' || known === null || Array.isArray(known)) return taken;
  const data: Record<string, unknown> = { ...known };
  if (id !== undefined && id !== null && !isOwnId(id)) data.id ??= id;
  const { date, log } = given as Readonly<Record<string, unknown>>;
  if (taken.timestamp === undefined && isTime(date)) {
    taken.timestamp = typeof date === 'number' ? Math.round(date * 1000) : date;
    delete data.date;
  }
  if (taken.message === undefined && typeof log === 'string') {
    taken.message = log.replace(/\r?\n$/, '');
    delete data.log;
  }
  if (Object.keys(data).length > 0) taken.data = data;
  else delete taken.data;
  return taken;
}

/** Epoch seconds, with fractions, of a time the entry may be of; or ISO 8601. */
function isTime(date: unknown): date is number | string {
  if (typeof date === 'number') return date > 0 && date < MAX_EPOCH_S;
  return typeof date === 'string' && z.iso.datetime({ offset: true }).safeParse(date).success;
}

const MAX_EPOCH_S = 1e11;

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
