import { displayWidth } from './display-width.js';

/** Codes of our own colours, spaces, and what stands between them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one
const PIECES = /(\x1b\[[\d;]*m)|( +)|([^ \x1b]+)/g;
const graphemes = new Intl.Segmenter();

/**
 * Breaks a line, which may have colours, between words, so that a terminal does not break it within one. A word that is
 * longer than a line is broken where it must.
 *
 * @param columns of the terminal; `undefined`: the line stays as it is
 * @param indent spaces before all lines but the first
 */
export function wrapLine(line: string, columns: number | undefined, indent: number): string {
  if (columns === undefined || columns <= indent || displayWidth(line) <= columns) return line;
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let text = '';
  let used = 0;
  let gap = '';
  const breakLine = () => {
    lines.push(text);
    text = margin;
    used = indent;
    gap = '';
  };
  for (const [, code, spaces, word = ''] of line.matchAll(PIECES)) {
    if (code !== undefined) text += code;
    else if (spaces !== undefined) gap = spaces;
    else {
      const isFirst = used === 0 || (used === indent && lines.length > 0);
      if (!isFirst && used + gap.length + displayWidth(word) > columns) breakLine();
      else {
        text += gap;
        used += gap.length;
      }
      gap = '';
      for (const part of partsOf(word, columns, indent)) {
        if (used + displayWidth(part) > columns) breakLine();
        text += part;
        used += displayWidth(part);
      }
    }
  }
  return [...lines, text].join('\n');
}

/** A word in parts that each fit into a line; nearly always the word itself. */
function partsOf(word: string, columns: number, indent: number): string[] {
  if (displayWidth(word) <= columns - indent) return [word];
  return Array.from(graphemes.segment(word), ({ segment }) => segment);
}
