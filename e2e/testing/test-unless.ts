import { describe, test } from 'vitest';

/**
 * `test`, or where something is missing a `test` that is skipped and whose title says why.
 *
 * @param absence what is missing, `undefined` when nothing is
 */
export function testUnless(absence: string | undefined) {
  return (title: string, run: () => Promise<void>, timeoutMs?: number): void => {
    if (absence === undefined) test(title, run, timeoutMs);
    else test.skip(`${title} (skipped: ${absence})`, run);
  };
}

/** The same for a whole `describe`. */
export function describeUnless(absence: string | undefined, title: string, suite: () => void): void {
  if (absence === undefined) describe(title, suite);
  else describe.skip(`${title} (skipped: ${absence})`, suite);
}
