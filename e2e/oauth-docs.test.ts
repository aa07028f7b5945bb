import { readFileSync } from 'node:fs';
import { OAUTH_STEPS } from '@tailrace/schema';
import { expect, test } from 'vitest';
import { RULES } from '../packages/query/dist/diagnosis/rules.js';
import { repositoryPath } from './testing/repository.js';

const document = readFileSync(repositoryPath('docs/oauth.md'), 'utf8');

test('docs/oauth.md names every cause, in the order of the rules', () => {
  const [, causes = ''] = document.split('\n## Diagnosis\n');
  const named = [...causes.matchAll(/^\| `(\w+)` \|/gm)].map(([, cause]) => cause);
  expect(named).toEqual(RULES.map(({ cause }) => cause));
});

test('docs/oauth.md names every step', () => {
  for (const step of OAUTH_STEPS) expect(document).toContain(`\`${step}\``);
});
