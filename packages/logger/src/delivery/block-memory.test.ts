import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockMemory, type KeptBytes } from './block-memory.js';

describe('BlockMemory', () => {
  it('gives each piece back as it was kept, however others come and go', () => {
    const step = fc.record({ bytes: fc.nat({ max: 20_000 }), frees: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const memory = new BlockMemory();
        const kept: { piece: KeptBytes; bytes: Buffer }[] = [];
        for (const { bytes: length, frees } of steps) {
          const bytes = randomBytes(length);
          kept.push({ piece: memory.keep(bytes), bytes });
          for (let i = 0; i < frees; i++) {
            const [freed] = kept.splice((length * 7) % Math.max(kept.length, 1), 1);
            if (freed !== undefined) memory.free(freed.piece);
          }
          for (const { piece, bytes } of kept) expect(memory.read(piece).equals(bytes)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('uses the blocks of a piece that was freed for the next', () => {
    const memory = new BlockMemory();
    const first = memory.keep(Buffer.alloc(10_000));
    memory.keep(Buffer.alloc(10_000));
    memory.free(first);
    expect([...memory.keep(Buffer.alloc(10_000)).blocks].sort()).toEqual([...first.blocks].sort());
  });
});
