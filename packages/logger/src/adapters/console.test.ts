import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRecorder, type Recorder } from '../testing.js';
import { captureConsole } from './console.js';

let recorder: Recorder;
let undo: (() => void) | undefined;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => {
  undo?.();
  undo = undefined;
  vi.restoreAllMocks();
  recorder.assertNothingDropped();
  recorder.stop();
});

test('each method has its level, and prints as before', () => {
  const printed = vi.spyOn(console, 'warn').mockImplementation(() => {});
  for (const name of ['debug', 'log', 'info', 'error'] as const) vi.spyOn(console, name).mockReturnValue();
  undo = captureConsole();
  for (const name of ['debug', 'log', 'info', 'error'] as const) console[name](name);
  console.warn('careful: %d of %s', 3, 'x', { a: 1 });
  expect(recorder.entries.map(({ level }) => level)).toEqual(['DEBUG', 'INFO', 'INFO', 'ERROR', 'WARNING']);
  expect(recorder.entries.at(-1)).toMatchObject({
    component: 'console',
    message: 'careful: 3 of x { a: 1 }',
  });
  expect(printed).toHaveBeenCalledWith('careful: %d of %s', 3, 'x', { a: 1 });
});

test('an error is kept as one, alone or among others', () => {
  undo = captureConsole({ print: false, component: 'legacy' });
  console.error(new TypeError('no'));
  console.error('failed', new RangeError('far'));
  expect(recorder.entries).toMatchObject([
    { component: 'legacy', message: 'no', error: { type: 'TypeError', stack: expect.any(String) } },
    { message: expect.stringMatching(/^failed RangeError: far/), error: { type: 'RangeError' } },
  ]);
});

test('one call is one entry, also of methods that print through others and values that print while they are printed', () => {
  for (const name of ['log', 'error'] as const) vi.spyOn(console, name).mockImplementation(() => {});
  undo = captureConsole();
  const shown = () => {
    console.log('again');
    return 'shown';
  };
  console.trace('here');
  console.table([{ a: 1 }]);
  console.log({ [Symbol.for('nodejs.util.inspect.custom')]: shown });
  expect(recorder.entries.map(({ level }) => level)).toEqual(['TRACE', 'INFO', 'INFO']);
});

test('values that throw when shown are logged all the same', () => {
  undo = captureConsole({ print: false });
  console.log({
    [Symbol.for('nodejs.util.inspect.custom')]: () => {
      throw new Error('no');
    },
  });
  expect(recorder.entries).toMatchObject([{ message: '[unreadable]' }]);
});

test('undone, the console is as it was; what took it over since stays', () => {
  const before = console.log;
  const undoFirst = captureConsole({ print: false });
  undoFirst();
  expect(console.log).toBe(before);
  const undoSecond = captureConsole({ print: false });
  const other = () => {};
  console.log = other;
  undoSecond();
  expect(console.log).toBe(other);
  console.log = before;
});

test.each([
  [{ print: 1 }, /print is number/],
  [{ component: '' }, /component is ""/],
])('%j is refused', (options, message) => {
  expect(() => captureConsole(options as never)).toThrow(message);
});
