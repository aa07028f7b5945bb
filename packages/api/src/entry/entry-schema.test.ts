import { ENTRY_FIELDS, type Entry, type EntryInput, type EntryReply } from '@tailrace/schema';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { entryInputSchema, type entryReplySchema, entrySchema } from './entry-schema.js';

describe('the schemas of an entry', () => {
  it('have the fields an entry has', () => {
    expect(new Set(Object.keys(entrySchema.shape))).toEqual(ENTRY_FIELDS);
    const taken = Object.keys(entrySchema.shape).filter((field) => field !== 'id' && field !== 'truncated');
    expect(Object.keys(entryInputSchema.shape).sort()).toEqual(taken.sort());
  });

  it('give the types of schema', () => {
    expectTypeOf<z.output<typeof entrySchema>>().toEqualTypeOf<Omit<Entry, 'order'>>();
    expectTypeOf<z.output<typeof entryInputSchema>>().toEqualTypeOf<EntryInput>();
    expectTypeOf<z.output<typeof entryReplySchema>>().toEqualTypeOf<EntryReply>();
  });
});
