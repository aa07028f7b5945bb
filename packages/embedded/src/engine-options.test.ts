import { describe, expect, it } from 'vitest';
import { embeddedEngineDefaults, resolveEngineOptions } from './engine-options.js';

describe('resolveEngineOptions()', () => {
  it('gives the defaults when nothing is given', () => {
    expect(resolveEngineOptions({})).toEqual(embeddedEngineDefaults);
  });

  it.each(['localhost', '::1', '127.0.0.1', '127.3.2.1'])('allows the loopback host %s', (host) => {
    expect(resolveEngineOptions({ host }).host).toBe(host);
  });

  it.each(['0.0.0.0', '::', '192.168.1.1', '127.example.org', ''])('refuses the host "%s"', (host) => {
    expect(() => resolveEngineOptions({ host })).toThrow(/^host: ".*" is not a loopback address/);
  });

  it.each([
    ['port', -1],
    ['port', 65_536],
    ['port', 1.5],
    ['startTimeoutMs', 0],
    ['startTimeoutMs', Number.NaN],
    ['maxMemoryBytes', 1024],
    ['maxMemoryBytes', 2 ** 31 + 1],
  ])('refuses %s: %d, naming what is allowed', (option, value) => {
    expect(() => resolveEngineOptions({ [option]: value })).toThrow(
      new RegExp(`^${option}: ${value} is not an integer from \\d+ to \\d+$`),
    );
  });
});
