import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWorkTurns } from './work-turns.js';

test('so many are done at once, in the order in which they came, and one that fails leaves its turn', async () => {
  const turns = createWorkTurns(2);
  const begun: number[] = [];
  let atOnce = 0;
  let most = 0;
  const done = await Promise.allSettled(
    [0, 1, 2, 3, 4, 5].map((number) =>
      turns.run(async () => {
        begun.push(number);
        atOnce += 1;
        most = Math.max(most, atOnce);
        await setImmediate();
        atOnce -= 1;
        if (number % 2 === 1) throw new Error(`${number} fails`);
        return number;
      }),
    ),
  );
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
  expect(done.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
  ]);
  expect(await turns.run(async () => 'after')).toBe('after');
});
