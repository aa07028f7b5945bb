const ZERO = 0x30;
const MILLION = 1_000_000;

/** How many digits a whole number has that is not negative. */
export function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}

/** Writes a whole number that is not negative, without making a text of it. @param digits how many it has */
export function writeDigits(buffer: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value;
  let end = at + digits;
  // Times in milliseconds are too large for quick divisions.
  while (rest >= MILLION) {
    const high = Math.floor(rest / MILLION);
    writeSmall(buffer, end - 6, end, rest - high * MILLION);
    end -= 6;
    rest = high;
  }
  writeSmall(buffer, at, end, rest);
}

function writeSmall(buffer: Uint8Array, from: number, end: number, value: number): void {
  let rest = value | 0;
  for (let at = end - 1; at >= from; at--) {
    const tenth = (rest / 10) | 0;
    buffer[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}
