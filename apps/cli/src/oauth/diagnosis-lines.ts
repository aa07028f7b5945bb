import type { Diagnosis } from '@tailrace/schema';
import { printable } from '../print/printable.js';
import { wrapped } from '../print/wrapped.js';
import type { FlowStyle } from './flow-style.js';

const INDENT = 4;

/** What went wrong: sentence, evidence, what to change, where it is written. */
export function diagnosisLines(
  { sentence, evidence, change, reference }: Diagnosis,
  { palette, columns }: FlowStyle,
): string[] {
  const indented = (text: string, indent: number, paint = (plain: string) => plain) =>
    wrapped(printable(text), columns - indent).map((line) => ' '.repeat(indent) + paint(line));
  const width = Math.max(0, ...evidence.map(({ name }) => printable(name).length));
  const facts = evidence.flatMap(({ name, value }) => {
    const [first = '', ...rest] = wrapped(printable(value), columns - INDENT - width - 4);
    const label = printable(name).padEnd(width);
    return [
      `${' '.repeat(INDENT + 2)}${palette.dim(label)}  ${first}`,
      ...rest.map((line) => ' '.repeat(INDENT + width + 4) + line),
    ];
  });
  return [
    ...indented(sentence, INDENT, palette.error),
    ...facts,
    ...indented(change, INDENT),
    ...indented(`${reference.title}: ${reference.url}`, INDENT, palette.dim),
  ];
}
