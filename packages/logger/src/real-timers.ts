/*
 * The timers there are when the logger is loaded. Those that a test puts in their place later (vi.useFakeTimers,
 * jest.useFakeTimers) stand still, and flush() and close() would with them.
 */
export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate } =
  globalThis;

/** Milliseconds of a clock that nobody sets. */
export const monotonicMs: () => number = performance.now.bind(performance);

/** Resolves when the event loop has had its turn. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
