import { filterShape } from '@tailrace/api';
import { FACET_FIELDS, FILTER_FIELDS, type FilterField } from '@tailrace/schema';
import { z } from 'zod';
import type { Query } from './ask-gateway.js';

/** Entries a tool shows at most; each is a few hundred tokens. */
const MAX_ENTRIES = 100;
const DEFAULT_ENTRIES = 20;

const text = z.string().min(1).max(1024);
type TextFilter = Exclude<FilterField, 'min_ms' | 'max_ms'>;
const filterNames = FILTER_FIELDS.filter((field) => field !== 'min_ms' && field !== 'max_ms');
const filterArguments = Object.fromEntries(
  filterNames.map((field) => [field, text.optional().describe(filterShape[field].description ?? field)]),
) as Record<TextFilter, z.ZodOptional<z.ZodString>>;

/** Which entries a tool is about. */
export const which = {
  ...filterArguments,
  min_ms: z.number().min(0).optional().describe('Response time of at least this many milliseconds'),
  max_ms: z.number().min(0).optional().describe('Response time of at most this many milliseconds'),
  data: z
    .record(z.string(), text)
    .optional()
    .describe(
      'Fields of data by their path, such as {"order.id": "7"}; * stands for any characters, ">100" compares numbers',
    ),
  not: z
    .record(z.string(), text)
    .optional()
    .describe('Filters the entries must not fit, by name, such as {"status": "404", "component": "http"}'),
  hours: z.number().positive().optional().describe('Hours to look back. Default: 24'),
  from: text.optional().describe('Start of the window in ISO 8601 with offset, in place of hours'),
  to: text.optional().describe('End of the window. Default: now'),
};

/** How many entries, and from where on. */
export const page = {
  limit: z
    .number()
    .int()
    .min(1)
    .max(MAX_ENTRIES)
    .optional()
    .describe(`Entries, 1 to ${MAX_ENTRIES}. Default: ${DEFAULT_ENTRIES}`),
  cursor: text.optional().describe('next_cursor of an earlier result: go on to older entries'),
};

/** Names of fields whose values can be counted. */
export const countable = z
  .array(z.enum(FACET_FIELDS))
  .min(1)
  .describe(`Fields whose most frequent values are counted: ${FACET_FIELDS.join(', ')}`);

type Arguments = Readonly<Record<string, unknown>>;

/** The arguments of a tool as query parameters. */
export function queryOf({ data = {}, not = {}, limit, ...given }: Arguments): Query {
  const ofData = Object.entries(data as object).map(([path, value]) => [`data.${path}`, value]);
  const negated = Object.entries(not as object).map(([name, value]) => [`${name}!`, value]);
  return {
    ...given,
    ...Object.fromEntries([...ofData, ...negated]),
    limit: (limit as number) ?? DEFAULT_ENTRIES,
  };
}

/** The same of a tool without pages. */
export function queryWithoutPage(given: Arguments): Query {
  const { limit: _limit, ...query } = queryOf(given);
  return query;
}
