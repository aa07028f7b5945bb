import type { Entry } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { ErrorGroups } from './error-groups.js';
import { fingerprintOf } from './fingerprint.js';
import { type GroupMark, isRegression, markOf } from './group-mark.js';

const AT = 1_000;

function mark(changes: Partial<GroupMark> = {}): GroupMark {
  return { state: 'resolved', at: AT, release: null, until: null, reason: null, ...changes };
}

function error(timestamp: number, release?: string): Entry {
  return {
    id: `log:${timestamp}:app:x`,
    timestamp,
    kind: 'log',
    level: 'ERROR',
    component: 'app',
    message: 'it broke',
    ...(release !== undefined && { data: { release } }),
  };
}

describe('an error is a regression', () => {
  test.each([
    ['after the group was resolved', mark(), error(AT + 1), true],
    ['not before, nor at that moment', mark(), error(AT), false],
    ['not of a group that is muted', mark({ state: 'muted' }), error(AT + 1), false],
    ['not of a group nobody marked', undefined, error(AT + 1), false],
    ['of the release with the fix', mark({ release: '1.3.0' }), error(AT + 1, '1.3.0'), true],
    ['of a later release', mark({ release: '1.3' }), error(AT + 1, 'v1.10.0'), true],
    ['not of an earlier release', mark({ release: '1.3' }), error(AT + 1, '1.2.9'), false],
    ['not of its release candidate', mark({ release: '1.3.0' }), error(AT + 1, '1.3.0-rc.1'), false],
    ['of a release with a name before', mark({ release: 'shop@2.0' }), error(AT + 1, 'shop@2.0.1'), true],
    ['not of another commit', mark({ release: 'deadbeef' }), error(AT + 1, 'cafe1234'), false],
    ['of the same commit', mark({ release: 'deadbeef' }), error(AT + 1, 'deadbeef'), true],
    ['without a release', mark({ release: '1.3' }), error(AT + 1), true],
  ])('%s', (_, of, entry, expected) => expect(isRegression(of, entry)).toBe(expected));
});

test('a mark with an end holds until then', () => {
  const marks = new Map([['f', mark({ state: 'muted', until: 50 })]]);
  expect(markOf(marks, 'f', 49)).toBeDefined();
  expect(markOf(marks, 'f', 50)).toBeUndefined();
});

test.each([
  [undefined, false, 'new', 0],
  [undefined, true, 'known', 0],
  [mark({ state: 'known' }), false, 'known', 0],
  [mark({ state: 'muted' }), false, 'muted', 0],
  [mark({ state: 'muted', until: 5 }), false, 'new', 0],
  [mark({ at: 10_000 }), true, 'resolved', 0],
  [mark(), true, 'regressed', 1],
] as const)(
  'the state of a group with mark %j, seen before: %j, is %s',
  (of, isKnown, state, regressions) => {
    const { id } = fingerprintOf(error(1));
    const groups = new ErrorGroups({ marks: new Map(of && [[id, of]]), now: 6 });
    if (isKnown) groups.addKnown(error(1));
    groups.add(error(500));
    groups.add(error(1_500));
    expect(groups.list()).toMatchObject([{ state, regressions }]);
  },
);
