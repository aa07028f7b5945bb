/** The length from which a text without words in it is taken for a credential. */
const SHORTEST = 10;

/**
 * Words as people write names and error codes: `ECONNRESET`, `ERR_HTTP2_INVALID_SESSION`, `invalid_grant`,
 * `auth/user-not-found`, `NoSuchBucketPolicy`.
 */
const WORDS = /^(?:(?:[A-Z]{1,24}|[A-Z]?[a-z]{1,24}(?:[A-Z][a-z]{1,24})*)\d{0,3}|\d{1,4})$/;
const BETWEEN_WORDS = /[_./:-]/;

/**
 * Whether a text looks made by a machine to be unguessable. For names such as `code` and `state`, which hold an OAuth
 * credential in one place and a plain word or number in another.
 */
export function isOpaque(text: string): boolean {
  if (text.length < SHORTEST || /\s/.test(text)) return false;
  return text.split(BETWEEN_WORDS).some((part) => part !== '' && !WORDS.test(part));
}
