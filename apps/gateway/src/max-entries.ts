/** Entries one request may bring. */
export const MAX_ENTRIES = 1_000;
