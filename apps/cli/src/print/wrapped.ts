/**
 * Breaks a text between words so that each line fits; a word that is longer than a line is broken where it must.
 *
 * @param width of a line without its indent, at least 1
 */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line);
      line = '';
    }
    while (rest.length > width) {
      const room = width - (line === '' ? 0 : line.length + 1);
      lines.push((line === '' ? '' : `${line} `) + rest.slice(0, room));
      rest = rest.slice(room);
      line = '';
    }
    line += (line === '' ? '' : ' ') + rest;
  }
  return [...lines, line];
}
