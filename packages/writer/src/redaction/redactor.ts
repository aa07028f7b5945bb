import { setOwn } from '../record/own-property.js';
import { isSecretValue } from './assignments/assignments.js';
import { isHashed, KeyedHash } from './keyed-hash.js';
import { type SecretName, SecretNames } from './names/secret-names.js';
import { type RedactOptions, resolveRedactOptions } from './redact-options.js';
import { fieldPaths, parsePath, replaceAt, type SecretPath } from './secret-path.js';
import { mayHoldSecret, type NamedSecrets, secretsIn } from './secrets-in.js';
import { isCard } from './shapes/bank-numbers.js';
import { mayHoldShape } from './shapes/secret-shapes.js';
import { REDACTED } from './text/redacted.js';
import { replaced } from './text/span.js';

/** `pwd=x`: nothing shorter holds a secret. */
const SHORTEST_TEXT = 5;
/** A member's name that is no longer is only a name. */
const LONGEST_PLAIN_NAME = 13;
/** Texts without secrets that are known again, and their longest. */
const MAX_PLAIN = 1_024;
const LONGEST_PLAIN_TEXT = 512;
/** The smallest number that can be a card's. */
const SMALLEST_CARD = 1e13;

/** Replaces secrets, in copies: what it is given stays as it is, and what holds no secret is given back itself. */
export class Redactor {
  readonly #names: SecretNames;
  readonly #named: NamedSecrets;
  readonly #hash: KeyedHash;
  readonly #plain = new Set<string>();
  readonly #paths: readonly SecretPath[];

  /** @throws RangeError when an option is wrong: it names the option and what is allowed. */
  constructor(options?: RedactOptions) {
    const { names, paths, hashed, hashKey } = resolveRedactOptions(options);
    this.#names = new SecretNames(names, hashed);
    this.#named = { names: this.#names, replace: (secret, value) => this.#replaced(secret, value) };
    this.#hash = new KeyedHash(hashKey);
    this.#paths = [...fieldPaths([...names, ...hashed]), ...paths.map(parsePath)];
  }

  /** A text in which anything may stand: URLs, headers, JSON, keys, tokens, what is assigned to secret names. */
  text(text: string): string {
    if (text.length < SHORTEST_TEXT) return text;
    return mayHoldSecret(text) ? replaced(text, secretsIn(text, this.#named)) : text;
  }

  /** A text that is one value: tokens and keys that can be told by their look. */
  shapes(text: string): string {
    return mayHoldShape(text) || text.includes('%') ? replaced(text, secretsIn(text, undefined)) : text;
  }

  /** As {@link Redactor.shapes}, for texts that come again and again. */
  repeatedShapes(text: string): string {
    if (this.#plain.has(text)) return text;
    const cleaned = this.shapes(text);
    if (cleaned === text && text.length <= LONGEST_PLAIN_TEXT) {
      if (this.#plain.size >= MAX_PLAIN) this.#plain.clear();
      this.#plain.add(text);
    }
    return cleaned;
  }

  /** The value of a name: replaced where the name is a secret's, else with the secrets in it replaced. */
  member(name: string, value: unknown): unknown {
    if (value === null || value === undefined || value === '' || typeof value === 'boolean') return value;
    const secret = this.#names.get(name);
    if (secret !== undefined) return this.#secretValue(secret, name, value);
    const cleaned = this.#value(value);
    return cleaned !== value && isTraceId(value) && TRACING_NAME.test(name) ? value : cleaned;
  }

  /** An id of tracing: hexadecimal as such, which may by chance be the digits of a card, or any text. */
  traceId(text: string): string {
    return isTraceId(text) ? text : this.shapes(text);
  }

  data(data: Record<string, unknown>): Record<string, unknown> {
    let copy: Record<string, unknown> | undefined;
    for (const name of Object.keys(data)) {
      const cleaned = this.member(VALUE_NAME.test(name) ? namedIn(data, name) : name, data[name]);
      const key = name.length > LONGEST_PLAIN_NAME ? this.text(name) : name;
      if (cleaned === data[name] && key === name) continue;
      copy ??= { ...data };
      if (key !== name) delete copy[name];
      setOwn(copy, key, cleaned);
    }
    return copy ?? data;
  }

  /** The hash of a secret that is matched with others of its kind. */
  hash(kind: string, value: string): string {
    return this.#hash.of(kind, value);
  }

  /** What the options say of places in an entry. Sets fields of the entry; what they held stays as it was. */
  places(entry: object): void {
    for (const path of this.#paths) Object.assign(entry, replaceAt(entry, path, this.#replacedAt));
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return value >= SMALLEST_CARD && isCard(String(value)) ? REDACTED : value;
    if (Array.isArray(value)) return this.#list(value);
    if (typeof value !== 'object' || value === null) return value;
    return isBufferJson(value) ? `[${value.data.length} bytes]` : this.data(value as Record<string, unknown>);
  }

  #secretValue(secret: SecretName, name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => this.member(name, element));
    if (typeof value === 'string' && !isSecretValue(secret, value, false)) return this.text(value);
    if (typeof value === 'string') return this.#replaced(secret, value);
    if (secret.when !== 'always') return this.#value(value);
    return typeof value === 'number' ? this.#replaced(secret, String(value)) : REDACTED;
  }

  /**
   * Also `['authorization', '...']`, one pair of a header list, triples as cookies are kept in, and Node's raw headers,
   * name after value.
   */
  #list(values: readonly unknown[]): unknown {
    let copy: unknown[] | undefined;
    for (const [i, value] of values.entries()) {
      const isNamed = i > 0 && (values.length === 3 || (values.length % 2 === 0 && i % 2 === 1));
      const name = isNamed ? nameOf(values[i - 1]) : undefined;
      const cleaned =
        name !== undefined && !this.#isName(value) ? this.member(name, value) : this.#value(value);
      if (cleaned === value) continue;
      copy ??= [...values];
      copy[i] = cleaned;
    }
    return copy ?? values;
  }

  /** `['password', 'token']` is a list of names. */
  #isName(value: unknown): boolean {
    return typeof value === 'string' && this.#names.get(value) !== undefined;
  }

  readonly #replaced = ({ kind, isHashed: isToHash }: SecretName, value: string): string => {
    if (value === REDACTED || isHashed(value)) return value;
    return isToHash ? this.#hash.of(kind, value) : REDACTED;
  };

  readonly #replacedAt = (value: unknown, name: string): unknown => {
    const secret = this.#names.get(name);
    return secret !== undefined && typeof value === 'string' ? this.#replaced(secret, value) : REDACTED;
  };
}

const VALUE_NAME = /^(?:val|value|values|content)$/i;
const TRACING_NAME = /(?:span|trace|parent)[-_]?id$/i;
const TRACE_ID = /^(?:[0-9a-f]{16}){1,2}$/;

/** Whether it is the id of a trace or span (W3C Trace Context). */
function isTraceId(value: unknown): boolean {
  return typeof value === 'string' && TRACE_ID.test(value);
}

const NAME_NAME = /^(?:name|key|header|field|param|parameter|label|variable|id)$/i;

/** `{ name: 'Authorization', value: '...' }`, as HAR files, environments of containers and many clients have pairs. */
function namedIn(members: Record<string, unknown>, otherwise: string): string {
  return nameOf(members) ?? otherwise;
}

/** A text itself, or what an object says is its name: the key of a Map may be one. */
function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const key = Object.keys(value).find((name) => NAME_NAME.test(name));
  const name = key === undefined ? undefined : (value as Record<string, unknown>)[key];
  return typeof name === 'string' ? name : undefined;
}

/** A Buffer as JSON has it: its bytes may be anything, and a text nobody reads. */
function isBufferJson(value: object): value is { readonly data: readonly unknown[] } {
  const { type, data } = value as { readonly type?: unknown; readonly data?: unknown };
  return type === 'Buffer' && Array.isArray(data);
}
