import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a run with why tests were skipped, as their titles say, and one line of counts: `12 passed, 0 failed, 3 skipped`.
 */
export class RunSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    const reasons = new Map<string, number>();
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state]++;
        if (state === 'skipped') reasons.set(reasonOf(test), (reasons.get(reasonOf(test)) ?? 0) + 1);
      }
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    }
    const skipped = [...reasons].map(([reason, tests]) => `skipped: ${reason} (${tests})`);
    const total = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped`;
    process.stdout.write(`${[...skipped, total].join('\n')}\n`);
  }
}

/** The part of a title that gives a reason may be the test's own or that of a suite around it. */
function reasonOf({ fullName, parent }: TestCase): string {
  const told = /^(.*?) \(skipped: (.+?)\)/.exec(fullName);
  if (told !== null) return `${told[2]}: ${told[1]}`;
  return `not run: ${parent.type === 'suite' ? parent.fullName : fullName}`;
}
