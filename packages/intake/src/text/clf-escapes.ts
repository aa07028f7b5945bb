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
const ESCAPE = /\\(?:((?:x[0-9a-f]{2})(?:\\x[0-9a-f]{2})*)|(.))/gi;
const BYTES = /\\\\|(?:\\x[0-9a-f]{2})+/gi;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Undoes what Apache (`ap_escape_logitem`) and nginx write for quotes, backslashes, controls and bytes outside ASCII:
 * `\"`, `\\`, `\n`, `\xHH`. Bytes that together are no UTF-8 stay as they were written, so that nothing is lost.
 */
export function unescapeClf(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (written: string, bytes: string | undefined, character: string | undefined) => {
    if (bytes === undefined) return SHORT[character ?? ''] ?? written;
    return decodeBytes(written) ?? written;
  });
}

/** `\xHH` inside JSON as JSON would have it; bytes that are no UTF-8 stay visible as they were written. */
export function unescapeBytes(json: string): string {
  return json.replace(BYTES, (written) => {
    if (written === '\\\\') return written;
    return JSON.stringify(decodeBytes(written) ?? written).slice(1, -1);
  });
}

function decodeBytes(written: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(written.replace(/\\x/gi, ''), 'hex'));
  } catch {
    return undefined;
  }
}
