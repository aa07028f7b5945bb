import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = new URL('../../', import.meta.url);

export function table(columns, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(text) {
  return `\`${text}\``;
}

export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function grouped(number) {
  return number.toLocaleString('en-US');
}

export function known(words, name, where) {
  if (words[name] === undefined) throw new Error(`scripts/docs.mjs: ${where} has nothing for "${name}"`);
  return words[name];
}

export function read(path) {
  return readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8');
}
