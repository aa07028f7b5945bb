import { describe, expect, test } from 'vitest';
import { readText } from './intake.js';
import { FORMATS, WRAPPERS } from './registry.js';
import { FIXTURES } from './testing/fixtures.js';

describe('formats', () => {
  test('each format and wrapper has a fixture', () => {
    const names = [...WRAPPERS, ...FORMATS].map(({ name }) => name);
    expect(names.filter((name) => !FIXTURES.some((fixture) => fixture.format === name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(FIXTURES)('$format: $title', ({ text, expected, options }) => {
    const outcomes = readText(text, options);
    expect(outcomes.map((outcome) => ('entry' in outcome ? outcome.entry : outcome.refused))).toEqual(
      expected.map((one) => expect.objectContaining(one)),
    );
    const absent = expected.flatMap((one, i) => {
      const outcome = outcomes[i];
      const entry = outcome !== undefined && 'entry' in outcome ? outcome.entry : {};
      return CAREFUL.filter((field) => !(field in one) && entry[field] !== undefined).map((field) => [
        i,
        field,
      ]);
    });
    expect(absent).toEqual([]);
  });
});

/** What a wrong guess would make wrong: a fixture that does not name them says that they are absent. */
const CAREFUL = [
  'client_ip',
  'client_hostname',
  'user_id',
  'method',
  'status_code',
  'response_time_ms',
] as const;
