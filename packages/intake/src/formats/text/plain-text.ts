import type { Format } from '../../format.js';

/** Lines without any form. Only inside a wrapper, or when it is asked for by name: anything would be plain text. */
export const plainText: Format = {
  name: 'plain-text',
  title: 'lines without any form: each is a message; inside wrappers, or with --format',
  reference: 'docs/import.md',
  hasStackLines: true,
  isGeneric: true,
  detect: () => false,
  parse: ({ text }) => ({ entry: { kind: 'log', message: text.trimEnd() } }),
};
