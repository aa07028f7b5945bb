/**
 * Where two texts differ, marked: the part of each that is not in the other stands in brackets.
 *
 * @returns `http://a[/cb] ≠ http://a[:8080/callback]`; `undefined` when one is not known or both are the same
 */
export function differenceOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined || one === other) return undefined;
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const marked = (text: string) =>
    `${text.slice(0, start)}[${text.slice(start, text.length - end)}]${text.slice(text.length - end)}`;
  return `${marked(one)} ≠ ${marked(other)}`;
}
