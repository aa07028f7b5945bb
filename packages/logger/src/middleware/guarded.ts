/**
 * What logging does for a request: whatever is given, it must not throw into it.
 *
 * @returns what `run` returns, `undefined` when it throws.
 */
export function guarded<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
