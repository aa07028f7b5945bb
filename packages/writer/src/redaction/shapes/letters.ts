/** Whether a UTF-16 code unit is an ASCII letter or digit; not for NaN, what stands behind a text. */
export function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}
