import { setOwn } from '../record/own-property.js';
import { isSecretValue, mayAssign, redactAssignments } from './assignments.js';
import { isHashed, KeyedHash } from './keyed-hash.js';
import { type RedactOptions, resolveRedactOptions } from './redact-options.js';
import { REDACTED } from './redacted.js';
import { type SecretName, SecretNames } from './secret-names.js';
import { fieldPaths, parsePath, replaceAt, type SecretPath } from './secret-path.js';
import { redactShapes } from './secret-shapes.js';

/** `pwd=x`: nothing shorter holds a secret. */
const SHORTEST_TEXT = 5;
/** A member's name that is no longer is only a name. */
const LONGEST_PLAIN_NAME = 16;
/** Replaces secrets, in copies: what it is given stays as it is, and what holds no secret is given back itself. */
export class Redactor {
  readonly #names: SecretNames;
  readonly #hash: KeyedHash;
  readonly #paths: readonly SecretPath[];

  /** @throws RangeError when an option is wrong: it names the option and what is allowed. */
  constructor(options?: RedactOptions) {
    const { names, paths, hashed, hashKey } = resolveRedactOptions(options);
    this.#names = new SecretNames(names, hashed);
    this.#hash = new KeyedHash(hashKey);
    this.#paths = [...fieldPaths([...names, ...hashed]), ...paths.map(parsePath)];
  }

  /** A text in which anything may stand: URLs, headers, JSON, keys, tokens, what is assigned to secret names. */
  text(text: string): string {
    if (text.length < SHORTEST_TEXT) return text;
    return redactShapes(mayAssign(text) ? redactAssignments(text, this.#names, this.#replaced) : text);
  }

  /** A text that is one value: tokens and keys that can be told by their look. */
  shapes(text: string): string {
    return redactShapes(text);
  }

  /** The value of a name: replaced where the name is a secret's, else with the secrets in it replaced. */
  member(name: string, value: unknown): unknown {
    if (value === null || value === undefined || value === '' || typeof value === 'boolean') return value;
    const secret = this.#names.get(name);
    return secret === undefined ? this.#value(value) : this.#secretValue(secret, name, value);
  }

  data(data: Record<string, unknown>): Record<string, unknown> {
    let copy: Record<string, unknown> | undefined;
    for (const name of Object.keys(data)) {
      const replaced = this.member(name === 'value' ? namedIn(data) : name, data[name]);
      const key = name.length > LONGEST_PLAIN_NAME ? this.text(name) : name;
      if (replaced === data[name] && key === name) continue;
      copy ??= { ...data };
      if (key !== name) delete copy[name];
      setOwn(copy, key, replaced);
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
    if (Array.isArray(value)) return this.#list(value);
    return typeof value === 'object' && value !== null ? this.data(value as Record<string, unknown>) : value;
  }

  #secretValue(secret: SecretName, name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => this.member(name, element));
    if (typeof value === 'string' && !isSecretValue(secret, value, false)) return this.text(value);
    if (typeof value === 'string') return this.#replaced(secret, value);
    if (secret.when !== 'always') return this.#value(value);
    return typeof value === 'number' ? this.#replaced(secret, String(value)) : REDACTED;
  }

  /** Also `['authorization', '...']`, one pair of a header list, and Node's raw headers, name after value. */
  #list(values: readonly unknown[]): unknown {
    const isPaired = values.length % 2 === 0;
    let copy: unknown[] | undefined;
    for (const [i, value] of values.entries()) {
      const name = isPaired && i % 2 === 1 ? values[i - 1] : undefined;
      const isNamed = typeof name === 'string' && !this.#isName(value);
      const replaced = isNamed ? this.member(name, value) : this.#value(value);
      if (replaced === value) continue;
      copy ??= [...values];
      copy[i] = replaced;
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

/** `{ name: 'Authorization', value: '...' }`, as HAR files and many clients have headers. */
function namedIn({ name, key }: { readonly name?: unknown; readonly key?: unknown }): string {
  const named = name ?? key;
  return typeof named === 'string' ? named : 'value';
}
