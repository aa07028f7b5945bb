import { isLowEntropy } from './names/secret-names.js';
import { parsePath } from './secret-path.js';

/** What is replaced beside the secrets that always are, and how. */
export interface RedactOptions {
  /** Further names whose values are secrets, wherever they stand; case, `-` and `_` make no difference. @default [] */
  readonly names?: readonly string[];
  /** Places in an entry that are secrets: `user_agent`, `data.card.number`, `data.people.*.email`. @default [] */
  readonly paths?: readonly string[];
  /**
   * Names whose value becomes `hmac:` and 22 characters, the same for the same value, so that entries about one OAuth
   * flow can be matched. @default code, state, refresh_token, request_uri, device_code
   */
  readonly hashed?: readonly string[];
  /** Key of these hashes, at least 16 bytes; the same in every process whose entries are to match. @default random for each process; the logger and the gateway take `LOG_HASH_KEY` */
  readonly hashKey?: string | Uint8Array;
}

/** @see RedactOptions */
type ResolvedRedactOptions = Required<Omit<RedactOptions, 'hashKey'>> & Pick<RedactOptions, 'hashKey'>;

const DEFAULTS: ResolvedRedactOptions = {
  names: [],
  paths: [],
  hashed: ['code', 'state', 'refresh_token', 'request_uri', 'device_code'],
};

/** Bytes of the shortest key. */
export const MIN_HASH_KEY_BYTES = 16;

const OPTIONS = ['names', 'paths', 'hashed', 'hashKey'];

/**
 * Fills in the defaults and checks every value.
 *
 * @throws RangeError naming the option and what is allowed; never the key.
 */
export function resolveRedactOptions(options: RedactOptions = {}): ResolvedRedactOptions {
  if (typeof options !== 'object' || options === null) throw new RangeError('redact must be an object');
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`redact.${unknown} is no option; allowed: ${OPTIONS.join(', ')}`);
  }
  const { names, paths, hashed } = { ...DEFAULTS, ...given(options) };
  checkTexts('names', names);
  checkTexts('paths', paths);
  checkTexts('hashed', hashed);
  for (const path of paths) parsePath(path);
  const guessable = hashed.find(isLowEntropy);
  if (guessable !== undefined) {
    throw new RangeError(
      `redact.hashed has ${guessable}, whose values can be guessed: a hash would not hide them`,
    );
  }
  const { hashKey } = options;
  if (hashKey === undefined) return { names, paths, hashed };
  if (!isHashKey(hashKey)) {
    throw new RangeError(`redact.hashKey must be text or bytes, at least ${MIN_HASH_KEY_BYTES} bytes`);
  }
  return { names, paths, hashed, hashKey };
}

/** Whether it is a key that is long enough. */
export function isHashKey(key: unknown): key is string | Uint8Array {
  return (
    (typeof key === 'string' || key instanceof Uint8Array) && Buffer.byteLength(key) >= MIN_HASH_KEY_BYTES
  );
}

function given(options: RedactOptions): RedactOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function checkTexts(option: string, values: unknown): void {
  const isList = Array.isArray(values) && values.every((value) => typeof value === 'string' && value !== '');
  if (!isList) throw new RangeError(`redact.${option} must be a list of texts that are not empty`);
}
