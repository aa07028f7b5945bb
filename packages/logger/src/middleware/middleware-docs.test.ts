import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MIDDLEWARE_DEFAULTS } from './middleware-options.js';

const docs = readFileSync(new URL('../../../../docs/middleware.md', import.meta.url), 'utf8');

test('docs/middleware.md has every option with its default', () => {
  const [, table = ''] = docs.split('## Options');
  const rows = [...table.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, value]) => [name, value]);
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(MIDDLEWARE_DEFAULTS).sort());
  for (const [name = '', value = ''] of rows) {
    const standard = MIDDLEWARE_DEFAULTS[name as keyof typeof MIDDLEWARE_DEFAULTS];
    if (standard === undefined) continue;
    expect(value).toBe(`\`${typeof standard === 'string' ? standard : JSON.stringify(standard)}\``);
  }
});
