/** Content that is text, and so worth logging. */
const TEXT = /^(?:text\/|application\/(?:[\w.+-]+\+)?(?:json|xml|x-www-form-urlencoded|graphql|x-ndjson)\b)/i;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

/** The beginning of a body, kept while it passes. */
export class BodySample {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #total = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: Uint8Array): void {
    this.#total += chunk.byteLength;
    const left = this.#maxBytes - this.#kept;
    if (left <= 0) return;
    // A copy, because whoever gave the chunk may use its memory again.
    const kept = Uint8Array.prototype.slice.call(chunk, 0, left);
    this.#chunks.push(kept);
    this.#kept += kept.byteLength;
  }

  /**
   * What is logged of the body. JSON and forms become objects, whose members are redacted by their names; when they are
   * longer than the bound, which would leave half a secret without its name, only their size is told, as it is of what is no text.
   *
   * @param encoding of `Content-Encoding`
   * @returns `undefined` for an empty body.
   */
  value(type = '', encoding?: string): unknown {
    if (this.#total === 0) return undefined;
    if (!TEXT.test(type) || !isPlain(encoding)) return this.#size(type);
    const isWhole = this.#total === this.#kept;
    const isStructured = JSON_TYPE.test(type) || FORM_TYPE.test(type);
    if (!isWhole && isStructured) return this.#size(type);
    const text = this.#text(isWhole);
    if (JSON_TYPE.test(type)) return parsedJson(text) ?? this.#size(type);
    return FORM_TYPE.test(type) ? formFields(text) : isWhole ? text : `${text}…`;
  }

  #size(type: string): string {
    return `[${this.#total} bytes${type === '' ? '' : ` of ${type.slice(0, MAX_TYPE_LENGTH)}`}]`;
  }

  /** Without the half of a character the bound may have left. */
  #text(isWhole: boolean): string {
    return new TextDecoder().decode(Buffer.concat(this.#chunks), { stream: !isWhole });
  }
}

const MAX_TYPE_LENGTH = 100;

function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity';
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The last of several fields of one name stays. */
function formFields(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
