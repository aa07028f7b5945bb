/** What a line added to the JSON texts before it. */
export interface Assembled {
  /** Objects that are whole now, and the line each began in. */
  readonly objects: readonly { readonly text: string; readonly line: number }[];
  /** Set when what has come is no JSON; what was held is given up. */
  readonly isBroken: boolean;
  /** Whether more is needed: an object or a list is still open. */
  readonly isOpen: boolean;
}

/** Objects taken from one line at most; a line with more is refused from there on. */
const MAX_OBJECTS = 20_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What JSON has outside of strings. */
const OUTSIDE = /[\s,:[\]{}0-9+\-.eEtrufalsn]/;

/**
 * Finds objects in JSON that does not keep to lines: pretty-printed, several behind each other, or the elements of a
 * list, which may be endless. Each character is looked at once.
 */
export class JsonAssembler {
  #depth = 0;
  #isInList = false;
  #pieces: string[] = [];
  #startLine = 0;
  #held = 0;
  readonly #maxLength: number;

  /** @param maxLength characters an object may have */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Whether an object has begun that is not whole. */
  get isInObject(): boolean {
    return this.#depth > 0;
  }

  get isInList(): boolean {
    return this.#isInList;
  }

  get startLine(): number {
    return this.#startLine;
  }

  /** Adds a line. */
  feed(text: string, line: number): Assembled {
    const objects: { text: string; line: number }[] = [];
    let start = 0;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      const character = text[i] as string;
      if (this.#depth === 0) {
        if (character === '{') {
          if (objects.length === MAX_OBJECTS) return this.#broken(objects);
          this.#depth = 1;
          this.#startLine = line;
          start = i;
        } else if (character === '[' && !this.#isInList) this.#isInList = true;
        else if (character === ']' && this.#isInList) this.#isInList = false;
        else if (!/[\s,]/.test(character)) return this.#broken(objects);
      } else if (code === QUOTE) {
        i = endOfString(text, i + 1);
        if (i === -1) return this.#broken(objects);
      } else if (character === '{' || character === '[') this.#depth += 1;
      else if (character === '}' || character === ']') {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        objects.push({ text: this.#take(text.slice(start, i + 1)), line: this.#startLine });
        start = i + 1;
      } else if (!OUTSIDE.test(character)) return this.#broken(objects);
    }
    if (this.#depth > 0) {
      this.#pieces.push(text.slice(start));
      this.#held += text.length - start + 1;
      if (this.#held > this.#maxLength) return this.#broken(objects);
    }
    return { objects, isBroken: false, isOpen: this.#depth > 0 || this.#isInList };
  }

  #take(end: string): string {
    const text = [...this.#pieces, end].join('\n');
    this.#pieces = [];
    this.#held = 0;
    return text;
  }

  #broken(objects: Assembled['objects']): Assembled {
    this.#take('');
    this.#depth = 0;
    return { objects, isBroken: true, isOpen: this.#isInList };
  }
}

/** The quote that closes a string; -1 when it is open at the end of the line, which no JSON is. */
function endOfString(text: string, start: number): number {
  for (let i = start; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i += 1;
    else if (code === QUOTE) return i;
  }
  return -1;
}
