import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adoptTraceparent, parseTraceparent } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it.each([
    ['version 00', `00-${TRACE}-${SPAN}-01`],
    ['flags nobody knows', `00-${TRACE}-${SPAN}-ff`],
    ['a later version', `01-${TRACE}-${SPAN}-01`],
    ['a later version with more to it', `cc-${TRACE}-${SPAN}-01-what-comes-then`],
  ])('reads %s', (_, text) => expect(parseTraceparent(text)).toEqual({ trace_id: TRACE, span_id: SPAN }));

  it.each([
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more to it', `00-${TRACE}-${SPAN}-01-more`],
    ['a later version that goes on without a dash', `01-${TRACE}-${SPAN}-01more`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['a line break behind it', `00-${TRACE}-${SPAN}-01\n`],
    ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['an empty text', ''],
    ['no text', 7],
    ['a list', [`00-${TRACE}-${SPAN}-01`]],
  ])('ignores %s whole', (_, value) => expect(parseTraceparent(value)).toBeUndefined());

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parseTraceparent(value)));
  });
});

describe('adoptTraceparent', () => {
  it('lets a trace_id that was given win, and takes no span of the other trace', () => {
    const fields = { trace_id: 'own', traceparent: `00-${TRACE}-${SPAN}-01` };
    adoptTraceparent(fields);
    expect(fields).toEqual({ trace_id: 'own', traceparent: undefined });
  });
});
