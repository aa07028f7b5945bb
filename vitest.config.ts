import { defineConfig } from 'vitest/config';
import { RunSummary } from './e2e/testing/run-summary.js';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'e2e/**/*.test.ts'],
    reporters: ['default', new RunSummary()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
