import { STREAM_START } from '../tail/stream-entry.js';

/**
 * How far each shard was given out, as one text: the stream id of the event it belongs to, whose time readers see, `~`, and
 * the stream id of each shard in base 36.
 *
 * @param streamIds of the shards, in the order of their numbers
 */
export function eventId(streamId: string, streamIds: readonly string[]): string {
  return `${streamId}~${streamIds.map(shortened).join('.')}`;
}

/** @returns the stream ids of the shards; `undefined` for the id of one server, or of another number of shards */
export function positionsOf(id: string, shards: number): string[] | undefined {
  const [, text] = id.split('~');
  const parts = text?.split('.');
  if (parts?.length !== shards) return undefined;
  const positions = parts.map(restored);
  return positions.every((position) => position !== undefined) ? positions : undefined;
}

function shortened(streamId: string): string {
  if (streamId === STREAM_START) return '';
  const [time = '', number = ''] = streamId.split('-');
  const short = BigInt(time).toString(36);
  return number === '0' ? short : `${short}_${BigInt(number).toString(36)}`;
}

/** @returns `undefined` for what is no number in base 36 that Redis takes */
function restored(text: string): string | undefined {
  if (text === '') return STREAM_START;
  const [, time, number = '0'] = /^([0-9a-z]{1,13})(?:_([0-9a-z]{1,13}))?$/.exec(text) ?? [];
  if (time === undefined) return undefined;
  const [ms, n] = [numberOf(time), numberOf(number)];
  return ms > MAX_NUMBER || n > MAX_NUMBER ? undefined : `${ms}-${n}`;
}

/** Of a stream id, 64 bits. */
const MAX_NUMBER = 2n ** 64n - 1n;

/** `parseInt` would round. */
function numberOf(digits: string): bigint {
  let value = 0n;
  for (const digit of digits) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value;
}
