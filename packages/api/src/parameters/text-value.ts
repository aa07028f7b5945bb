import { z } from 'zod';

/** Values one filter may have. */
export const MAX_VALUES = 100;

/** One value of a filter as it stands in a URL. */
export const textValue = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(1024, 'must be at most 1024 characters');
