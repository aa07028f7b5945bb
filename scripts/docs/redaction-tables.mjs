import * as NAMES from '../../packages/writer/dist/redaction/names/name-table.js';
import { STRUCTURES } from '../../packages/writer/dist/redaction/shapes/structured-shapes.js';
import { TOKEN_KINDS } from '../../packages/writer/dist/redaction/shapes/token-table.js';
import { code, table } from './markdown.mjs';

export function secretTokens() {
  const tokens = TOKEN_KINDS.map(({ name, prefixes, length, source }) => [
    described(name, source),
    prefixes.map(code).join(', '),
    [length].flat().length === 1 ? `from ${length}` : [...new Set(length)].join(' to '),
  ]);
  const others = STRUCTURES.map(({ name, hint, source }) => [
    described(name, source),
    code(hint),
    'by its structure',
  ]);
  return table(['what', 'begins with, or has', 'letters behind it'], [...tokens, ...others]);
}

function described(name, source) {
  return `[${name}](${source.startsWith('docs/') ? source.slice('docs/'.length) : source})`;
}

export function secretNames() {
  const { ALWAYS, ENDINGS, OPAQUE, OPAQUE_ENDINGS } = NAMES;
  const list = (names) => [...new Set(names)].map(code).join(', ');
  return table(
    ['names', 'their values are secrets'],
    [
      [list(ALWAYS), 'always'],
      [`all that end in ${list(ENDINGS)}`, 'always'],
      [`${list(OPAQUE)}, and all that end in ${list(OPAQUE_ENDINGS)}`, 'when they look made by a machine'],
    ],
  );
}
