/**
 * How much of each text field is stored, in UTF-16 code units. Longer values are cut there and the entry's
 * `truncated` lists the field, so nobody mistakes a part for the whole.
 */
export const TEXT_LIMITS = {
  component: 128,
  message: 32_768,
  client_hostname: 253,
  proxy_hostname: 253,
  method: 32,
  path: 4_096,
  route: 1_024,
  user_agent: 2_048,
  referrer: 4_096,
  user_id: 512,
  session_id: 512,
  client_id: 512,
  trace_id: 256,
  span_id: 256,
  request_id: 512,
  event: 256,
} as const;

/** Bounds of what is not plain text. */
export const ENTRY_LIMITS = {
  /** Objects an entry may be about. */
  objects: 32,
  /** Code units of one object's name. */
  objectLength: 256,
  /** Code units of `error.type` and `error.code`. */
  errorNameLength: 256,
  errorMessageLength: 8_192,
  errorStackLength: 16_384,
  /** Errors in a chain of causes, the outermost included. */
  errorCauses: 8,
  /** Levels of nesting kept in `data`. */
  dataDepth: 10,
  /** Keys and array elements kept in `data`, counted over all levels. */
  dataNodes: 2_000,
  /** Code units of all keys and values in `data`, and of all in `error`, together. */
  dataLength: 65_536,
  /** Code units of them that `error` may have: all texts of its causes, its members and what else it carries. */
  errorLength: 49_152,
} as const;

/** Code units of an index value that stand in a key as they are; longer values are hashed. */
export const KEY_VALUE_LENGTH = 128;
