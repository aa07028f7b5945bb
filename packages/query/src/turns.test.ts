import { expect, test } from 'vitest';
import { atOnce, inTurns, type Work, WorkQueue } from './turns.js';

/** So many steps, each of which takes 6 ms of the clock. */
function clockedWork(steps: number) {
  let time = 0;
  const done: string[] = [];
  function* work(name = 'step'): Work<string> {
    for (let i = 0; i < steps; i++) {
      time += 6;
      done.push(name);
      yield;
    }
    return 'result';
  }
  return { work, done, now: () => time };
}

test('work lets others have the event loop after a while, and goes on', async () => {
  const { work, done, now } = clockedWork(6);
  const seen: number[] = [];
  const look = () => {
    seen.push(done.length);
    if (done.length < 6) setImmediate(look);
  };
  setImmediate(look);
  expect(await inTurns(work(), { now })).toBe('result');
  expect(seen.slice(0, 3)).toEqual([2, 4, 6]);
});

test('work that is aborted ends with the reason at the end of its turn', async () => {
  const { work, done, now } = clockedWork(100);
  const leaving = new AbortController();
  const working = inTurns(work(), { now, signal: leaving.signal });
  leaving.abort(new Error('gone'));
  await expect(working).rejects.toThrow('gone');
  expect(done).toHaveLength(2);
});

test('at once is to the end', () => expect(atOnce(clockedWork(3).work())).toBe('result'));

test('pieces of work come one after the other, whatever becomes of those before', async () => {
  const { work, done, now } = clockedWork(3);
  const queue = new WorkQueue();
  const leaving = new AbortController();
  const first = queue.run(() => work('a'), { now });
  const second = queue.run(() => work('b'), { now, signal: leaving.signal });
  const third = queue.run(() => work('c'), { now });
  leaving.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  expect(await Promise.all([first, third])).toEqual(['result', 'result']);
  expect(done.join('')).toBe('aaaccc');
});
