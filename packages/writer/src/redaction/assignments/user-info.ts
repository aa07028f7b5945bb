import { isOpaque } from '../text/opaque-text.js';
import { REDACTED } from '../text/redacted.js';
import type { Replacement } from '../text/span.js';

const AUTHORITY = /[^\s/?#"'<>\\`]*/y;
const PORT = /^\d{1,5}(?:[/?#"'),;\]}\s]|$)/;
const WEB = /(?:^|[^a-z])(?:https?|wss?)$/i;
const HOST = /@(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?=[:/?#,"'\s)\]}\\;]|$)/iy;
/** Letters of a scheme, and of a password that has letters it should not have. */
const MAX_SCHEME = 24;
const MAX_ODD_PASSWORD = 256;

/** Finds what stands before the `@` of URLs in one text. */
export class UserInfo {
  readonly #text: string;
  /** The first `@` at or behind the place that was asked for last: what is looked for once is not looked for again. */
  #at = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The password of `scheme://user:password@host`, or a token in place of the user. @param start behind `://` */
  after(start: number): Replacement | undefined {
    const text = this.#text;
    if (this.#at < start) {
      this.#at = text.indexOf('@', start);
      if (this.#at === -1) this.#at = text.length;
    }
    if (this.#at === text.length) return undefined;
    AUTHORITY.lastIndex = start;
    AUTHORITY.test(text);
    const limit = AUTHORITY.lastIndex;
    const isWeb = WEB.test(text.slice(Math.max(0, start - 3 - MAX_SCHEME), start - 3));
    const authority = text.slice(start, limit);
    const colon = authority.indexOf(':');
    let end = authority.lastIndexOf('@');
    if (end === -1 || !isWeb) end = Math.max(end, this.#oddEnd(start, colon, limit));
    if (end === -1) return undefined;
    const isPassword = colon !== -1 && colon < end;
    const isSecret = isPassword ? colon + 1 < end : isOpaque(text.slice(start, start + end));
    const from = start + (isPassword ? colon + 1 : 0);
    return isSecret ? { start: from, end: start + end, replacement: REDACTED } : undefined;
  }

  /** The `@` behind a password with letters that should have been encoded: `/ # ?`, quotes, blanks. */
  #oddEnd(start: number, colon: number, limit: number): number {
    const text = this.#text;
    if (colon === -1 || this.#at > limit + MAX_ODD_PASSWORD) return -1;
    const password = start + colon + 1;
    if (PORT.test(text.slice(password, password + 6))) return -1;
    let end = -1;
    let isWord = true;
    for (let at = this.#at; at !== -1 && at <= limit + MAX_ODD_PASSWORD; at = text.indexOf('@', at + 1)) {
      isWord &&= !/\s/.test(text.slice(Math.max(password, end), at));
      if (!isWord && end !== -1) break;
      HOST.lastIndex = at;
      if (HOST.test(text) && !text.slice(password, at).includes('\n')) end = at;
    }
    return end === -1 ? -1 : end - start;
  }
}
