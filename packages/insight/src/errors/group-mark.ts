import type { Entry } from '@tailrace/schema';

/** What a person can say of a group of errors. */
export const MARK_STATES = ['known', 'resolved', 'muted'] as const;
/** @see MARK_STATES */
export type MarkState = (typeof MARK_STATES)[number];

/** What a person said of a group of errors. Times are epoch milliseconds. */
export interface GroupMark {
  readonly state: MarkState;
  /** When it was said: errors before are not a regression. */
  readonly at: number;
  /** Of `resolved`: the release that has the fix; errors of earlier ones are not a regression. */
  readonly release: string | null;
  /** Of `muted`: when it is over; null: never. */
  readonly until: number | null;
  readonly reason: string | null;
}

/** Marks by fingerprint. */
export type GroupMarks = ReadonlyMap<string, GroupMark>;

/** No group is marked. */
export const NO_MARKS: GroupMarks = new Map();

/** Where a group of errors stands. */
export type ErrorGroupState = MarkState | 'new' | 'regressed';

/** Fields of `data` that name what runs. */
const RELEASE_FIELDS = ['release', 'version'] as const;

/** The releases an entry names. */
export function releasesOf({ data }: Entry): string[] {
  return RELEASE_FIELDS.flatMap((field) => {
    const value = data?.[field];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}

/** The mark of a group, as long as it holds. @param now epoch milliseconds */
export function markOf(marks: GroupMarks, fingerprint: string, now: number): GroupMark | undefined {
  const mark = marks.get(fingerprint);
  return mark === undefined || (mark.until !== null && mark.until <= now) ? undefined : mark;
}

/**
 * Whether an error shows that what was resolved is there again: it is later than the mark and, where the mark names a
 * release, of that one or a later one, or of none that is known.
 */
export function isRegression(mark: GroupMark | undefined, entry: Entry): boolean {
  if (mark?.state !== 'resolved' || entry.timestamp <= mark.at) return false;
  const { release } = mark;
  if (release === null) return true;
  const releases = releasesOf(entry);
  return releases.length === 0 || releases.some((one) => isSameOrLater(one, release));
}

/** Versions are compared number by number; names that are no version, such as commits, are the same or not. */
function isSameOrLater(release: string, than: string): boolean {
  if (release === than) return true;
  const [a, b] = [numbersOf(release), numbersOf(than)];
  if (a === undefined || b === undefined) return false;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  // 1.3.0-rc.1 comes before 1.3.0.
  return !release.includes('-') || than.includes('-');
}

function numbersOf(release: string): number[] | undefined {
  const [, numbers] = /^(?:[a-z-]*@)?v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:[-+].{0,100})?$/i.exec(release) ?? [];
  return numbers?.split('.').map(Number);
}
