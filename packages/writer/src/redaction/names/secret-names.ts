import {
  ALWAYS,
  ENDINGS,
  HARMLESS,
  HEADERS,
  KINDS,
  LOW_ENTROPY,
  OPAQUE,
  OPAQUE_ENDINGS,
  REPEATED,
  SHORT_ENDINGS,
} from './name-table.js';

/** What is secret about the values of one name. */
export interface SecretName {
  /** One word for all spellings of the name; values are hashed under it, so that they match wherever they stood. */
  readonly kind: string;
  /** `always`, or only a value that looks `opaque`, or that is a `urn:`. */
  readonly when: 'always' | 'opaque' | 'urn';
  /** Whether the rest of a header line is the value. */
  readonly isHeader: boolean;
  /** Whether prose has it before a colon as well: `Unexpected token: identifier`. */
  readonly isProse: boolean;
  readonly isHashed: boolean;
}

/** Names known by their spelling; more would only be a stranger's doing. */
const MAX_KNOWN = 2_048;
const MAX_NAME = 64;

/** Which names hold secrets, wherever they stand: in fields, nested data, header maps, query strings and JSON. */
export class SecretNames {
  readonly #added: ReadonlySet<string>;
  readonly #hashed: ReadonlySet<string>;
  readonly #known = new Map<string, SecretName | undefined>();

  /**
   * @param added further names whose values are always secrets
   * @param hashed names whose values are hashed; secret as well
   */
  constructor(added: readonly string[], hashed: readonly string[]) {
    this.#hashed = new Set(hashed.map(kindOf));
    this.#added = new Set([...added, ...hashed].map(kindOf));
  }

  /** What is secret about a value of this name; `undefined`: nothing. */
  get(name: string): SecretName | undefined {
    if (name.length > MAX_NAME) return this.#judge(name.slice(-MAX_NAME));
    const known = this.#known.get(name);
    if (known !== undefined || this.#known.has(name)) return known;
    const judged = this.#judge(name);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(name, judged);
    return judged;
  }

  #judge(name: string): SecretName | undefined {
    const kind = kindOf(name);
    const when = this.#when(kind, name);
    if (when === undefined) return undefined;
    return {
      kind,
      when,
      isHeader: HEADERS.includes(kind),
      isProse: kind.endsWith('token') || kind === 'jwt' || kind === 'bearer',
      isHashed: this.#hashed.has(kind),
    };
  }

  #when(kind: string, name: string): SecretName['when'] | undefined {
    if (OPAQUE.includes(kind)) return 'opaque';
    // nginx calls a plain path so; pushed requests (RFC 9126) are URNs.
    if (kind === 'requesturi') return 'urn';
    if (this.#added.has(kind) || ALWAYS.includes(kind)) return 'always';
    if (HARMLESS.test(kind)) return undefined;
    const plain = kind.replace(REPEATED, '').replace(/\d{1,4}$/, '');
    if (OPAQUE_ENDINGS.some((ending) => plain.endsWith(ending))) return 'opaque';
    const singular = plain.endsWith('s') && !plain.endsWith('ss') ? plain.slice(0, -1) : plain;
    const isSecret =
      ALWAYS.includes(plain) ||
      ENDINGS.some((ending) => plain.endsWith(ending) || singular.endsWith(ending)) ||
      SHORT_ENDINGS.test(name);
    return isSecret ? 'always' : undefined;
  }
}

/** Whether values of this name are guessable, so that a hash would not hide them. */
export function isLowEntropy(name: string): boolean {
  const kind = kindOf(name);
  return LOW_ENTROPY.some((guessable) => kind.endsWith(guessable));
}

function kindOf(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const plain = last.replace(/[-_\s[\]]/g, '').toLowerCase();
  return Object.hasOwn(KINDS, plain) ? (KINDS[plain] as string) : plain;
}
