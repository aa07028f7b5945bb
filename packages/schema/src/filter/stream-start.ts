/** Matches a follower of the live stream may begin with. */
export const MAX_LAST = 1_000;

/** Whether a text is a stream id, `milliseconds-number`, that Redis takes. */
export function isStreamId(text: string): boolean {
  return /^\d{1,19}-\d{1,19}$/.test(text);
}
