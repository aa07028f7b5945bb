import { DEFAULT_COMPONENT, type Entry, REQUEST_COMPONENT } from './entry.js';
import { levelOfStatus } from './level.js';

/** How a field's value stands in the hash; fields not named here are plain text. */
const FIELD_FORMATS: Readonly<Record<string, 'number' | 'json'>> = {
  timestamp: 'number',
  order: 'number',
  status_code: 'number',
  response_time_ms: 'number',
  bytes_sent: 'number',
  objects: 'json',
  error: 'json',
  data: 'json',
  truncated: 'json',
};

/**
 * Redis keeps a hash compact only while every value is at most `hash-max-listpack-value` bytes, by default 64.
 * On such a server a longer text is stored in pieces: `user_agent`, `user_agent~1`, `user_agent~2`. Every piece but the last
 * has at least this many bytes, less the rest of a character.
 */
export const MIN_PIECE_BYTES = 64;

/** Texts of more pieces than this stay whole: there the compact form saves nothing worth its cost. */
export const MAX_PIECES = 16;

/**
 * Removes what is not stored, neither in the hash nor in the stream, because the key or another field says it: `kind`
 * stands in the key; a request's level follows its status, its component is `http`, its message the request line.
 */
export function removeImplied(entry: Entry): void {
  const stored: Partial<Record<keyof Entry, unknown>> = entry;
  const isLog = entry.kind === 'log';
  stored.kind = undefined;
  if (isLog) return;
  if (entry.level === levelOfStatus(entry.status_code)) stored.level = undefined;
  if (entry.component === REQUEST_COMPONENT) stored.component = undefined;
  if (entry.message === '' || entry.message === requestMessage(entry)) stored.message = undefined;
}

/** The message of a request that was given none: `GET /users 200`. */
export function requestMessage(entry: Partial<Pick<Entry, 'method' | 'path' | 'status_code'>>): string {
  const line = `${entry.method ?? '-'} ${entry.path ?? '-'}`;
  return entry.status_code === undefined ? line : `${line} ${entry.status_code}`;
}

/** `request` for ids of `req:` hashes, else `log`; `id` may carry a key prefix or shard tag. */
export function kindOfId(id: string): 'request' | 'log' {
  return /(?:^|:)(req|log):\d/.exec(id)?.[1] === 'req' ? 'request' : 'log';
}

/**
 * Reads an entry back from its hash.
 *
 * @param id the key of the hash
 * @param hash names and values of its fields
 * @returns the entry, or `undefined` when the hash is gone (it is empty then), is none of ours, or the entry was deleted.
 */
export function decodeEntry(id: string, hash: Readonly<Record<string, string>>): Entry | undefined {
  if (hash.timestamp === undefined || hash.deleted !== undefined) return undefined;
  const entry = emptyEntry(id);
  const fields: Record<string, unknown> = entry;
  const cut = cutFields(hash);
  for (const name in hash) {
    if (name.includes(PIECE_MARK)) continue;
    const text = hash[name] as string;
    fields[name] = decodeField(name, cut.includes(name) ? text + followingPieces(hash, name) : text);
  }
  return withImplied(entry);
}

/** The same of an entry that was deleted and can be restored; `undefined` when it was not deleted. */
export function decodeDeletedEntry(id: string, hash: Readonly<Record<string, string>>): Entry | undefined {
  const { deleted, deleted_score: _, deleted_from: __, ...own } = hash;
  return deleted === undefined ? undefined : decodeEntry(id, own);
}

const PIECE_MARK = '~';
const SECOND_PIECE = `${PIECE_MARK}1`;
const NONE: readonly string[] = [];

/** Names of the fields stored in pieces: one entry in a few has one, and few have two. */
function cutFields(hash: Readonly<Record<string, string>>): readonly string[] {
  let cut = NONE;
  for (const name in hash)
    if (name.endsWith(SECOND_PIECE)) cut = [...cut, name.slice(0, -SECOND_PIECE.length)];
  return cut;
}

function followingPieces(hash: Readonly<Record<string, string>>, name: string): string {
  let text = '';
  for (let number = 1; number < MAX_PIECES; number++) {
    const piece = hash[`${name}${PIECE_MARK}${number}`];
    if (piece === undefined) break;
    text += piece;
  }
  return text;
}

/**
 * Reads an entry back from the JSON in the stream.
 *
 * @returns the entry, or `undefined` when the text is none of ours.
 */
export function decodeStreamEntry(json: string): Entry | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof fields?.id !== 'string' || typeof fields.timestamp !== 'number') return undefined;
  return withImplied(Object.assign(emptyEntry(fields.id), fields));
}

/** Reading is hot: every entry has the same first fields in the same order, and is filled and not copied. */
function emptyEntry(id: string): StoredEntry {
  return { id, timestamp: 0, kind: kindOfId(id), level: undefined, component: undefined, message: undefined };
}

type StoredEntry = { [Field in keyof Entry]?: Entry[Field] | undefined } & Pick<
  Entry,
  'id' | 'timestamp' | 'kind'
>;

function withImplied(entry: StoredEntry): Entry {
  const isRequest = entry.kind === 'request';
  entry.level ??= isRequest ? levelOfStatus(entry.status_code) : 'INFO';
  entry.component ??= isRequest ? REQUEST_COMPONENT : DEFAULT_COMPONENT;
  entry.message ??= isRequest ? requestMessage(entry) : '';
  return entry as Entry;
}

function decodeField(name: string, text: string): unknown {
  const format = FIELD_FORMATS[name];
  if (format === 'number') return Number(text);
  return format === 'json' ? JSON.parse(text) : text;
}
