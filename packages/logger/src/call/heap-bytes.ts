/*
 * Heap bytes of what waits, on 64-bit V8 and rather too many than too few: a queue is bounded by their sum, and must not
 * hold more than it says. What is shared, as constant texts are, counts each time; every text counts as if it had a
 * letter outside of Latin-1.
 */

/** A record, its places in the queue, and its object of fields without any. */
export const RECORD_BYTES = 192;
/** A field of a flat object: its place, and the head of a text or a number. */
export const FIELD_BYTES = 40;
/** A value inside of another: its place, and an object with room for its first members. */
export const NODE_BYTES = 88;
/** A letter of a text. */
export const LETTER_BYTES = 2;
