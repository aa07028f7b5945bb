import { z } from 'zod';

const MIN_LENGTH = 16;
const MAX_LENGTH = 128;
const RULE = `must be ${MIN_LENGTH} to ${MAX_LENGTH} printable characters without spaces, such as a UUID`;
const OWN_ID = new RegExp(`^[\\x21-\\x7e]{${MIN_LENGTH},${MAX_LENGTH}}$`);

/** Whether a value may be the id of an entry that its sender gave it: long enough to be unique. */
export function isOwnId(value: unknown): value is string {
  return typeof value === 'string' && OWN_ID.test(value);
}

/** The id of an entry that its sender gave it: what is sent again under it is stored once. */
export const ownIdSchema = z.string(RULE).regex(OWN_ID, RULE);

/** The name in `data` under which an entry keeps its sender's id. */
export const OWN_ID_FIELD = 'log_id';
