/** The 64 digits of base64url in the order of their bytes: texts of the same length sort as their numbers do. */
export const SORTABLE_DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

/** A whole number from 0 to 2^24 - 1 as four of {@link SORTABLE_DIGITS}; a higher one is written as the highest. */
export function sortableDigits(value: number): string {
  const bits = Math.min(value, 0xffffff);
  return [18, 12, 6, 0].map((shift) => SORTABLE_DIGITS[(bits >> shift) & 63]).join('');
}
