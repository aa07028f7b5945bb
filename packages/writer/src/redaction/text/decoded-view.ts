/** A text with its escapes decoded once, and where each letter of it came from. */
export class DecodedView {
  readonly text: string;
  /** Index in `text` of each decoded letter, ascending. */
  readonly #at: readonly number[];
  /** Letters saved before and with that one. */
  readonly #saved: readonly number[];

  private constructor(text: string, at: readonly number[], saved: readonly number[]) {
    this.text = text;
    this.#at = at;
    this.#saved = saved;
  }

  /** @returns `undefined` where nothing is escaped. */
  static of(source: string): DecodedView | undefined {
    const isForm = isFormText(source);
    const isHtml = source.includes('&') && source.includes(';');
    if (!isForm && !isHtml && !source.includes('%') && !source.includes('\\')) return undefined;
    const at: number[] = [];
    const saved: number[] = [];
    let text = '';
    let kept = 0;
    let all = 0;
    for (const found of source.matchAll(isForm ? FORM_ESCAPE : ESCAPE)) {
      const [escaped, percent, unicode, hex, control = '', entity = '', decimal, entityHex] = found;
      const digits = percent ?? unicode ?? hex ?? entityHex;
      text += source.slice(kept, found.index);
      kept = found.index + escaped.length;
      at.push(text.length);
      all += escaped.length - 1;
      saved.push(all);
      text +=
        digits === undefined
          ? (PLUS[escaped] ?? CONTROLS[control] ?? ENTITIES[entity] ?? String.fromCharCode(Number(decimal)))
          : String.fromCharCode(Number.parseInt(digits, 16));
    }
    return at.length === 0 ? undefined : new DecodedView(text + source.slice(kept), at, saved);
  }

  /** Where the letter at `index` begins in the source; for the end of the text, where the source ends. */
  origin(index: number): number {
    let low = 0;
    let high = this.#at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return index + (low === 0 ? 0 : (this.#saved[low - 1] as number));
  }
}

/** ASCII as URLs, JSON, JavaScript and HTML escape it; an escaped quote or backslash stays, for it has a meaning there. */
const ESCAPE =
  /%([0-7][0-9a-f])|\\u00([0-7][0-9a-f])|\\x([0-7][0-9a-f])|\\([nrt])|&(?:(amp|quot|apos|lt|gt)|#(\d{2,3})|#x([2-7][0-9a-f]));/gi;
const FORM_ESCAPE = new RegExp(`${ESCAPE.source}|\\+`, 'gi');
const PLUS: Readonly<Record<string, string>> = { '+': ' ' };
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', N: '\n', R: '\r', T: '\t' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** In a form, a blank is a plus. */
function isFormText(source: string): boolean {
  return source.includes('+') && (source.includes('%') || source.includes('='));
}
