const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

let lastSecond = Number.NaN;
let lastDigits = '';

/**
 * Epoch milliseconds as decimal digits. Most entries are of the second of the one before, and turning a number of 13
 * digits into a text takes longer than the rest of an entry's id.
 */
export function timeText(ms: number): string {
  const second = Math.floor(ms / 1000);
  const last = THREE_DIGITS[ms - second * 1000];
  if (second <= 0 || ms > Number.MAX_SAFE_INTEGER || last === undefined) return String(ms);
  if (second !== lastSecond) {
    lastSecond = second;
    lastDigits = String(second);
  }
  return lastDigits + last;
}
