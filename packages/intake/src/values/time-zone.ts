/** Turns the time a clock on the wall showed (as if it were UTC, epoch milliseconds) into the instant it was. */
export type TimeZone = (wallMs: number) => number;

/** The zone of times that name none, unless told otherwise. */
export const UTC: TimeZone = (wallMs) => wallMs;

const OFFSET = /^(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?$/i;
const MINUTE_MS = 60_000;
/** Offsets change at full quarters of an hour, so one look-up serves all times of such a quarter. */
const QUARTER_MS = 15 * MINUTE_MS;
const MAX_KNOWN = 4_096;

/**
 * Reads a time zone: a name of the IANA database (`Europe/Vienna`), an offset (`+02:00`) or `UTC`. A time that a clock
 * showed twice (the hour that summer time ends with) is the first of both.
 *
 * @returns `undefined` when there is no such zone.
 */
export function parseTimeZone(text: string): TimeZone | undefined {
  if (/^(utc|gmt|z)$/i.test(text)) return UTC;
  const offset = OFFSET.exec(text);
  if (offset !== null) {
    const [hours, minutes] = [Number(offset[2]), Number(offset[3] ?? 0)];
    if (hours > 14 || minutes > 59) return undefined;
    const offsetMs = (hours * 60 + minutes) * MINUTE_MS * (offset[1] === '-' ? -1 : 1);
    return (wallMs) => wallMs - offsetMs;
  }
  try {
    return namedZone(text);
  } catch {
    return undefined;
  }
}

/** @throws RangeError when there is no zone of the name. */
function namedZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (wallMs) => {
    const quarter = Math.floor(wallMs / QUARTER_MS);
    let offsetMs = known.get(quarter);
    if (offsetMs === undefined) {
      offsetMs = offsetOfWall(quarter * QUARTER_MS);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(quarter, offsetMs);
    }
    return wallMs - offsetMs;
  };

  /** The offset before a change is tried first, so that of two instants the first is taken. */
  function offsetOfWall(wallMs: number): number {
    const before = offsetAt(wallMs - 24 * 60 * MINUTE_MS);
    if (offsetAt(wallMs - before) === before) return before;
    return offsetAt(wallMs - offsetAt(wallMs));
  }

  function offsetAt(utcMs: number): number {
    const parts = Object.fromEntries(
      format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000;
  }
}
