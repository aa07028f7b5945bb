import { expect, it } from 'vitest';
import { Logger } from './logger.js';

it('makes loggers share one listener of each end of the process, and gives it back', async () => {
  const count = () => ['beforeExit', 'exit'].map((event) => process.listenerCount(event));
  const before = count();
  const options = { redis: 'redis://127.0.0.1:1', spoolDir: false, onError: () => {} } as const;
  const loggers = Array.from({ length: 20 }, () => new Logger(options));
  expect(count()).toEqual(before.map((listeners) => listeners + 1));
  await Promise.all(loggers.map((logger) => logger.close(0)));
  expect(count()).toEqual(before);
});
