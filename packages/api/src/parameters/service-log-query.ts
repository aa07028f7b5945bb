import { z } from 'zod';
import { filterShape } from './filter-shape.js';
import { pageShape, refuseContradictions, windowShape } from './log-query.js';
import { querySchema } from './query-schema.js';
import { MAX_VALUES, textValue } from './text-value.js';

const texts = z
  .union([textValue, z.array(textValue).max(MAX_VALUES)], `must be text, at most ${MAX_VALUES} values`)
  .optional();

/** The query parameters of `/api/logs` and `/api/search`: every filter, and those by what spec 002 calls things. */
export const serviceLogQuerySchema = querySchema({
  ...windowShape,
  ...pageShape,
  ...filterShape,
  service: texts.describe('Service: the same as component'),
  tag: texts.describe('One of the tags'),
  correlation_id: texts.describe('Correlation id'),
}).superRefine(refuseContradictions);

/** @see serviceLogQuerySchema */
export type ServiceLogQuery = z.output<typeof serviceLogQuerySchema>;
