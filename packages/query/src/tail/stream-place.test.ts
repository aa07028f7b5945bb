import { describe, expect, test } from 'vitest';
import { StreamPlace } from './stream-place.js';
import type { StreamState } from './stream-state.js';

/** A stream that has given the ids 1-0 to `added`-0 and lost the first `removed` of them. */
function stream(added: number, removed = 0, changes: Partial<StreamState> = {}): StreamState {
  const firstId = added > removed ? `${removed + 1}-0` : undefined;
  return { firstId, lastId: `${added}-0`, added, removed, maxDeletedId: '0-0', ...changes };
}

function placeAt(position: string, state?: StreamState): StreamPlace {
  const place = new StreamPlace(position);
  if (state !== undefined) place.check(state);
  return place;
}

describe('a place that is checked the first time', () => {
  test.each([
    ['in the stream', '3-0', stream(9)],
    ['at its beginning', '0-0', stream(9)],
    ['at its end', '9-0', stream(9)],
    ['at the end of one without entries', '9-0', stream(9, 9)],
    ['in an empty one', '0-0', stream(0)],
  ])('%s has no gap', (_, position, state) => {
    const place = placeAt(position);
    expect(place.check(state)).toBeUndefined();
    expect(place.position).toBe(position);
  });

  test('before what was trimmed has a gap of unknown size, from the beginning a counted one', () => {
    const state = stream(9, 6);
    expect(placeAt('3-0').check(state)).toEqual({
      type: 'gap',
      reason: 'trimmed',
      after: '3-0',
      next: '7-0',
      entries: null,
    });
    expect(placeAt('0-0').check(state)).toMatchObject({ reason: 'trimmed', entries: 6 });
  });

  test.each([
    ['behind the end goes to the beginning', '20-0', '0-0'],
    ['before a stream that has lost nothing stays', '0-5', '0-5'],
  ])('%s, as it is of another stream', (_, position, after) => {
    const place = placeAt(position);
    expect(place.check(stream(9))).toMatchObject({ reason: 'restarted', after: position, next: '1-0' });
    expect(place.position).toBe(after);
  });
});

describe('a place that is checked again', () => {
  test('has no gap while what was trimmed had been read', () => {
    const place = placeAt('3-0', stream(3));
    place.advance('5-0', 2);
    expect(place.check(stream(9, 5))).toBeUndefined();
  });

  test('counts what was trimmed and had not been read', () => {
    const place = placeAt('3-0', stream(3));
    place.advance('5-0', 2);
    expect(place.check(stream(20, 11))).toMatchObject({ reason: 'trimmed', after: '5-0', entries: 6 });
    place.advance('13-0', 2);
    expect(place.check(stream(40, 20))).toMatchObject({ after: '13-0', entries: 7 });
  });

  test('does not count where entries were deleted one by one', () => {
    const place = placeAt('3-0', stream(3));
    expect(place.check(stream(20, 11, { maxDeletedId: '15-0' }))).toMatchObject({ entries: null });
  });

  test('goes back to an end that was lost in a failover, as all of it was read', () => {
    const place = placeAt('9-0', stream(9, 2));
    expect(place.check(stream(7, 2))).toBeUndefined();
    expect(place.position).toBe('7-0');
  });

  test.each([
    ['has no entries', stream(0), '0-0'],
    ['has smaller ids', stream(2, 0, { firstId: '1-5' }), '0-0'],
    ['has larger ids', stream(4, 0, { firstId: '12-0', lastId: '15-0' }), '9-0'],
  ])('notices that the stream is another one, which %s', (_, state, position) => {
    const place = placeAt('9-0', stream(9, 2));
    expect(place.check(state)).toMatchObject({ reason: 'restarted', after: '9-0', entries: null });
    expect(place.position).toBe(position);
    expect(place.check(state)).toBeUndefined();
  });
});
