/** One pair of an element: a name, and a token or a quoted text (RFC 7239, section 4; RFC 9110, section 5.6). */
const PAIR = /^\s*([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)")\s*(?:;|$)/;

/**
 * Reads one element of a Forwarded header: `for=192.0.2.1;proto=https`.
 *
 * @returns its node, `undefined` inside when it names none; `undefined` when it is no element.
 */
export function forwardedElement(text: string): { readonly node: string | undefined } | undefined {
  const names = new Set<string>();
  let node: string | undefined;
  let rest = text;
  while (rest !== '') {
    const [pair, given, token, quoted] = PAIR.exec(rest) ?? [];
    if (pair === undefined || given === undefined) return undefined;
    const name = given.toLowerCase();
    // Each parameter must not occur more than once.
    if (names.has(name)) return undefined;
    names.add(name);
    if (name === 'for') node = token ?? quoted?.replace(/\\(.)/g, '$1');
    rest = rest.slice(pair.length);
    if (rest === '' && pair.trimEnd().endsWith(';')) return undefined;
  }
  return names.size === 0 ? undefined : { node };
}
