/** Matches a follower of the live stream may begin with. */
export const MAX_LAST = 1_000;

/**
 * Whether a text is the id of an event of the live stream: a stream id, and on a cluster behind `~` how far each shard was
 * given out.
 */
export function isEventId(text: string): boolean {
  return text.length <= MAX_EVENT_ID && /^\d{1,19}-\d{1,19}(~[0-9a-z_.]*)?$/.test(text);
}

/** Letters: the positions of some thousand shards. */
const MAX_EVENT_ID = 65_536;

/** Whether a text is a stream id, `milliseconds-number`, that Redis takes. */
export function isStreamId(text: string): boolean {
  return /^\d{1,19}-\d{1,19}$/.test(text);
}
