import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { RunSummary } from './e2e/testing/run-summary.js';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'e2e/**/*.test.ts'],
    reporters: ['default', new RunSummary()],
    // As many as there are cores; vitest's default is one less, and many tests wait for processes of their own.
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
