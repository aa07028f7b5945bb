import { expect, it } from 'vitest';
import { type LoggerOptions, resolveOptions } from '../logger-options.js';
import { spoolPlace } from './spool-place.js';

const SENTINELS = [{ host: 'a', port: 26_379 }];

function targetOf(redis: NonNullable<LoggerOptions['redis']>, keyPrefix = ''): string | undefined {
  return spoolPlace(resolveOptions({ redis, keyPrefix }))?.target;
}

it('gives each store a place of its own: by topology, name, database and key prefix', () => {
  const targets = [
    targetOf('redis://a'),
    targetOf('redis://a?db=1'),
    targetOf('redis://a:6380'),
    targetOf({ sentinels: SENTINELS, name: 'orders' }),
    targetOf({ sentinels: SENTINELS, name: 'logs' }),
    targetOf({ sentinels: SENTINELS, name: 'logs', db: 2 }),
    targetOf('redis://a', 'app:'),
  ];
  expect(new Set(targets).size).toBe(targets.length);
  expect(targetOf({ host: 'a', keyPrefix: 'app:' })).toBe(targets.at(-1));
  expect(targetOf('redis://user:password@a:6379/0')).toBe(targets[0]);
});
