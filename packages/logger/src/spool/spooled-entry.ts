import {
  decodeStreamEntry,
  type Entry,
  kindOfId,
  LEVEL_NAMES,
  MAX_ORDER,
  TEXT_LIMITS,
} from '@tailrace/schema';

/** An entry of a record, or what is wrong with it. */
export type SpooledEntry =
  | { readonly entry: Entry; readonly fault?: undefined }
  | { readonly entry?: undefined; readonly fault: string };

/** Past it a time is no time (ECMA-262, 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;
/** Longer than any id there is: it has at most a prefix, a time, a place, a bounded owner and a number. */
const MAX_ID_LENGTH = 1_024;
const TEXT_FIELDS = ['message', 'client_ip', ...Object.keys(TEXT_LIMITS)];

type Check = (value: unknown, entry: Entry) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTexts: Check = (value) => Array.isArray(value) && value.every((one) => typeof one === 'string');
const isNumber: Check = (value) => Number.isFinite(value);
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a field must be so that it can be encoded and read back; others may be any JSON value under a plain name. */
const CHECKS: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(TEXT_FIELDS.map((name) => [name, isText])),
  timestamp: (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= MAX_TIME_MS,
  kind: (value, { id }) => value === kindOfId(id),
  level: (value) => (LEVEL_NAMES as readonly unknown[]).includes(value),
  outcome: (value) => value === 'success' || value === 'failure',
  status_code: (value) => Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599,
  response_time_ms: isNumber,
  bytes_sent: isNumber,
  order: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_ORDER,
  objects: isTexts,
  truncated: isTexts,
  error: (value) => {
    const { type, message } = (value ?? {}) as Record<string, unknown>;
    return isObject(value, {} as Entry) && typeof type === 'string' && typeof message === 'string';
  },
  data: isObject,
};

/**
 * Reads an entry of a record. A right checksum says only that the file is as it was written: one entry that cannot be
 * encoded would hold back all behind it, and an id that is not ours would write to a key that is not ours.
 *
 * @param keyPrefix what ids begin with
 */
export function readSpooledEntry(text: string, keyPrefix: string): SpooledEntry {
  const entry = decodeStreamEntry(text);
  if (entry === undefined)
    return { fault: `${shown(text)} is no entry; allowed: JSON with id and timestamp` };
  if (!isOwnId(entry, keyPrefix)) {
    const allowed = `${keyPrefix}req:{timestamp}:… or ${keyPrefix}log:{timestamp}:…`;
    return { fault: `id is ${shown(entry.id)}; allowed: ${allowed}` };
  }
  if (Object.getPrototypeOf(entry) !== Object.prototype) return { fault: '__proto__ is no field' };
  for (const [name, value] of Object.entries(entry)) {
    if (!PLAIN_NAME.test(name)) return { fault: `${shown(name)} is no field; allowed: a-z, 0-9 and _` };
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (check?.(value, entry) === false) {
      return {
        fault: `${name} of ${entry.id} is ${shown(JSON.stringify(value))}; allowed: what a logger stores`,
      };
    }
  }
  return { entry };
}

const PLAIN_NAME = /^[a-z][a-z0-9_]*$/;

function isOwnId({ id, timestamp }: Entry, keyPrefix: string): boolean {
  if (!id.startsWith(keyPrefix) || id.length > keyPrefix.length + MAX_ID_LENGTH || !id.isWellFormed())
    return false;
  const [, ms] = OWN_ID.exec(id.slice(keyPrefix.length)) ?? [];
  return ms !== undefined && Number(ms) === timestamp;
}

/** Key, time, owner and number without blanks, control characters and what a Cluster takes for a hash tag. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const OWN_ID = /^(?:req|log):(-?\d{1,16}):[^\x00-\x20\x7f{}]+$/;

/** The start of what is wrong, for a message. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
