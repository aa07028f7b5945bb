const SHORT: Readonly<Record<string, string>> = {
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  f: '\f',
  '"': '"',
  '\\': '\\',
};
const BYTES = /(?:\\x[0-9a-f]{2})+/iy;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Undoes what Apache (`ap_escape_logitem`) and nginx write for quotes, backslashes, controls and bytes outside ASCII:
 * `\"`, `\\`, `\n`, `\xHH`. Bytes that together are no UTF-8 stay as they were written, so that nothing is lost.
 */
export function unescapeClf(text: string): string {
  return replaceEscapes(text, (written, isBytes) =>
    isBytes ? decodeBytes(written) : SHORT[written.charAt(1)],
  );
}

/** `\xHH` inside JSON as JSON would have it; bytes that are no UTF-8 stay visible as they were written. */
export function unescapeBytes(json: string): string {
  return replaceEscapes(json, (written, isBytes) =>
    isBytes ? JSON.stringify(decodeBytes(written) ?? written).slice(1, -1) : written,
  );
}

/**
 * Each backslash with the character behind it, and each run of `\xHH` as a whole, as `replacementOf` has it; undefined
 * leaves it. A loop, as `String.replace` with a function keeps all matches until the last: half a million in a line of
 * backslashes, and collecting that garbage takes thirty times what all the rest of the line does.
 */
function replaceEscapes(
  text: string,
  replacementOf: (written: string, isBytes: boolean) => string | undefined,
): string {
  let result = '';
  let from = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', from)) {
    BYTES.lastIndex = at;
    const bytes = BYTES.exec(text)?.[0];
    const written = bytes ?? text.slice(at, at + 2);
    result += text.slice(from, at) + (replacementOf(written, bytes !== undefined) ?? written);
    from = at + written.length;
  }
  return result + text.slice(from);
}

function decodeBytes(written: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(written.replace(/\\x/gi, ''), 'hex'));
  } catch {
    return undefined;
  }
}
