/** What a query is not, or has that is not supported. */
export class LogqlError extends Error {
  override readonly name = 'LogqlError';
}

const MAX_LENGTH = 10_000;
const TOKEN =
  /\s*(?:#[^\n]*\s*)*("(?:[^"\\]|\\.)*"|`[^`]*`|\|=|\|~|!=|!~|=~|==|>=|<=|\d+(?:\.\d+)?(?:[a-z]+(?:\d+[a-z]+)*)?|[a-zA-Z_][\w.:]*|[{}()[\],|=<>+*/-])/y;

/** The tokens of a query, one after the other. */
export class LogqlTokens {
  readonly #tokens: readonly string[];
  #at = 0;

  /** @throws LogqlError for what is no token */
  constructor(text: string) {
    if (text.length > MAX_LENGTH)
      throw new LogqlError(`the query is too long; allowed: ${MAX_LENGTH} characters`);
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    while (text.slice(TOKEN.lastIndex).trim() !== '') {
      const from = TOKEN.lastIndex;
      const token = TOKEN.exec(text)?.[1];
      if (token === undefined)
        throw new LogqlError(`${JSON.stringify(text.slice(from, from + 20))} is no LogQL`);
      tokens.push(token);
    }
    this.#tokens = tokens;
  }

  /** The next token; `''` at the end. */
  peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  next(): string {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** @throws LogqlError when something else follows */
  expect(token: string): void {
    if (this.peek() !== token) throw this.unexpected(token);
    this.#at += 1;
  }

  oneOf<Token extends string>(allowed: readonly Token[]): Token {
    const token = this.peek() as Token;
    if (!allowed.includes(token)) throw this.unexpected(allowed.join(' '));
    this.#at += 1;
    return token;
  }

  /** The name of a label. */
  name(): string {
    if (!/^[a-zA-Z_]/.test(this.peek())) throw this.unexpected('a name');
    return this.next();
  }

  /** A text in quotes. */
  text(): string {
    const token = this.peek();
    if (token[0] === '`') return this.next().slice(1, -1);
    if (token[0] !== '"') throw this.unexpected('a text in quotes');
    this.#at += 1;
    try {
      return JSON.parse(token.replaceAll('\t', '\\t')) as string;
    } catch {
      throw new LogqlError(
        `${token.slice(0, 40)} has an escape that is not known; allowed: those of JSON, or backticks`,
      );
    }
  }

  /** A text in quotes, or a number. */
  value(): string {
    return /^\d/.test(this.peek()) ? this.next() : this.text();
  }

  unexpected(allowed: string): LogqlError {
    const token = this.peek();
    return new LogqlError(
      `${token === '' ? 'the end of the query' : JSON.stringify(token.slice(0, 40))} is not expected; allowed: ${allowed}`,
    );
  }
}
