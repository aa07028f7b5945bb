import { expect, test } from 'vitest';
import { installationAt } from './installation.js';

test('in node_modules commands are typed with npx tailrace', () => {
  const { tailrace, serve } = installationAt('file:///srv/app/node_modules/tailrace/dist/installation.js');
  expect([tailrace, serve]).toEqual(['npx tailrace', 'npx tailrace serve']);
});

test('in the repository they are typed with its package manager', () => {
  const { tailrace, serve } = installationAt('file:///home/me/tailrace/apps/cli/dist/installation.js');
  expect([tailrace, serve]).toEqual(['npx -y pnpm@10 tailrace', 'npx -y pnpm@10 start']);
});
