/**
 * Reads a pattern in which `*` stands for any characters, or for nothing.
 *
 * @returns a function that says whether a whole text fits; its time grows with the text's length times the
 * pattern's, whatever both hold.
 */
export function wildcardMatcher(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return (text) => text === pattern;
  const last = rest.pop() as string;
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
      return false;
    const end = text.length - last.length;
    let position = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, position);
      if (found === -1 || found + part.length > end) return false;
      position = found + part.length;
    }
    return true;
  };
}
