const WINDOW_MS = 10_000;
const MAX_LINES = 20;

/**
 * A log of the gateway's own trouble that a flood of failing requests cannot flood: at most 20 lines in ten
 * seconds, and the number left out.
 *
 * @param write takes one text with its line end
 * @param now epoch milliseconds
 */
export function createErrorLog(write: (text: string) => void, now: () => number): (text: string) => void {
  let windowStart = 0;
  let lines = 0;
  return (text) => {
    const time = now();
    if (time - windowStart >= WINDOW_MS) {
      if (lines > MAX_LINES) write(`tailrace gateway: ${lines - MAX_LINES} more lines like these\n`);
      windowStart = time;
      lines = 0;
    }
    lines += 1;
    if (lines <= MAX_LINES) write(`tailrace gateway: ${text}\n`);
  };
}
