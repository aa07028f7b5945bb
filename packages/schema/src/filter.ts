import { z } from 'zod';
import { ipSchema, levelSchema } from './field-schemas.js';

/** A range of status codes, both ends included. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

const status = z.string().transform((text, context): StatusRange => {
  const digits = /^([1-5])xx$/i.exec(text);
  if (digits !== null) return { from: Number(digits[1]) * 100, to: Number(digits[1]) * 100 + 99 };
  const range = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text);
  const from = Number(range?.[1]);
  const to = Number(range?.[2] ?? range?.[1]);
  if (range !== null && from <= to) return { from, to };
  context.issues.push({
    code: 'custom',
    input: text,
    message: 'must be a status from 100 to 599, such as 404, 4xx or 500-599',
  });
  return z.NEVER;
});

const text = z.string().min(1, 'must not be empty').max(1024, 'must be at most 1024 characters');
const milliseconds = z.coerce
  .number('must be a number of milliseconds')
  .min(0, 'must be at least 0')
  .max(1e9, 'must be at most 1000000000');

/**
 * What entries a reader wants, as query parameters. All given filters must hold. One filter serves search, tail
 * and export, so the same filter over the same window gives the same entries.
 */
export const filterShape = {
  ip: ipSchema.optional().describe('Client IP address'),
  fqdn: text.toLowerCase().optional().describe("The client's host name"),
  host: text.toLowerCase().optional().describe("The proxy's host name, the one the request was made to"),
  hostname: text.toLowerCase().optional().describe("The client's or the proxy's host name"),
  user: text.optional().describe('User id'),
  session: text.optional().describe('Session id'),
  client: text.optional().describe('OAuth client id'),
  trace: text.optional().describe('Trace id'),
  component: text.optional().describe('Component'),
  event: text.optional().describe('Event, such as oauth.token; with * at its end every event that begins so'),
  level: levelSchema.optional().describe('Exactly this level'),
  min_level: levelSchema.optional().describe('This level or a higher one'),
  method: text.toUpperCase().optional().describe('HTTP method'),
  status: status.optional().describe('404, 4xx or 500-599'),
  path: text.optional().describe('The path without its query; with * for any characters'),
  min_ms: milliseconds.optional().describe('Response time of at least this many milliseconds'),
  max_ms: milliseconds.optional().describe('Response time of at most this many milliseconds'),
  object: text.optional().describe('One of the things the entry is about, such as vm-123'),
  outcome: z.enum(['success', 'failure']).optional().describe('Outcome'),
  q: text
    .optional()
    .describe(
      'Words and "quoted phrases", all of them, in any case, in message, path, event, user agent, error and data',
    ),
};

/** @see filterShape */
export const filterSchema = z.object(filterShape);

/** @see filterShape */
export type Filter = z.output<typeof filterSchema>;
