import { LEVEL_NAMES, type Level, type LevelTable, TEXT_LIMITS } from '@tailrace/schema';
import { z } from 'zod';
import { levelSchema } from '../parameters/field-schemas.js';

/** Components a table may have a level for. */
const MAX_COMPONENTS = 1_000;
const RULE = `must be a component: up to ${TEXT_LIMITS.component} characters without *, and no dot at the end`;

/** Levels that lie over those of every running writer: what `PUT /logs/levels` takes. */
export const levelTableInputSchema = z.strictObject({
  default: levelSchema.optional().describe('Of all components that have none of their own'),
  components: z
    .record(
      z
        .string()
        .max(TEXT_LIMITS.component, RULE)
        .regex(/^[^*]*[^*.]$/, RULE),
      levelSchema,
    )
    .refine((components) => Object.keys(components).length <= MAX_COMPONENTS, {
      error: `must have at most ${MAX_COMPONENTS} components`,
    })
    .default({})
    .describe('Of a component and those below it (db, db.pool); the longest that fits counts'),
});

const level = z.enum(LEVEL_NAMES as [Level, ...Level[]]);

/** Such a table as it is stored and replied. */
export const levelTableSchema = z.object({
  default: level.optional(),
  components: z.record(z.string(), level),
}) satisfies z.ZodType<LevelTable>;
