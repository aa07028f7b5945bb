import {
  type Filter,
  type FilterField,
  type OneOrMore,
  type StatusRange,
  textTermsOf,
} from '@tailrace/schema';
import { z } from 'zod';
import { ipRangeSchema, levelSchema, textSchema } from './field-schemas.js';
import { querySchema } from './query-schema.js';
import { MAX_VALUES, textValue } from './text-value.js';

const text = textValue;
const status = textSchema(
  parseStatus,
  'must be a status from 100 to 599, such as 404, 4xx or 500-599, or a list of them such as 404,410',
);
const event = text.refine(
  (event) => !event.slice(0, -1).includes('*'),
  'must be an event such as oauth.token, or the start of one with * at its end',
);
const method = text.regex(/^[\w!#$%&'*+.^`|~-]{1,32}$/, 'must be an HTTP method such as GET').toUpperCase();
const milliseconds = z
  .preprocess(
    (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
    z
      .number('must be a number of milliseconds')
      .min(0, 'must be at least 0')
      .max(1e9, 'must be at most 1000000000'),
  )
  .optional();
const outcome = z.enum(['success', 'failure'], 'must be success or failure').optional();
const kind = z.enum(['request', 'log'], 'must be request or log').optional();

/** What a reader can ask for. */
const fieldShape = {
  ip: several(ipRangeSchema, ',').describe('Client IP address, or a CIDR range such as 192.0.2.0/24'),
  fqdn: several(text.toLowerCase()).describe("The client's host name"),
  host: several(text.toLowerCase()).describe("The proxy's host name, the one the request was made to"),
  hostname: several(text.toLowerCase()).describe("The client's or the proxy's host name"),
  user: several(text).describe('User id'),
  session: several(text).describe('Session id'),
  client: several(text).describe('OAuth client id'),
  trace: several(text).describe('Trace id'),
  component: several(text).describe('Component'),
  event: several(event).describe('Event, such as oauth.token; with * at its end every event that begins so'),
  level: several(levelSchema, ',').describe('Exactly this level'),
  min_level: levelSchema.optional().describe('This level or a higher one'),
  method: several(method, ',').describe('HTTP method'),
  status: several(status, ',').describe('404, 4xx, 500-599, or a list such as 404,410'),
  path: several(text).describe('The path without its query; with * for any characters'),
  min_ms: milliseconds.describe('Response time of at least this many milliseconds'),
  max_ms: milliseconds.describe('Response time of at most this many milliseconds'),
  object: several(text).describe('One of the things the entry is about, such as vm-123'),
  outcome: outcome.describe('Outcome'),
  kind: kind.describe('request: a request with its response; log: anything else'),
  q: text
    .refine((query) => textTermsOf(query).length > 0, 'must have a word or a phrase that is not blank')
    .optional()
    .describe(
      'Words and "quoted phrases", all of them, in any case, in message, path, event, user agent, error and data; -word or -"phrase": not this one; \\" is a quote',
    ),
} satisfies Record<FilterField, z.ZodType>;

type Negated<Shape> = { readonly [Field in keyof Shape & string as `${Field}!`]: Shape[Field] };

/**
 * What entries a reader wants, as query parameters. All given filters must hold. A filter whose name ends in `!`
 * (`?status!=404`) takes every entry the filter without it does not take. One filter serves search, tail and export, so
 * the same filter over the same window gives the same entries.
 */
export const filterShape = {
  ...fieldShape,
  ...(Object.fromEntries(
    Object.entries(fieldShape).map(([field, schema]) => [`${field}!`, schema]),
  ) as Negated<typeof fieldShape>),
};

/** @see filterShape */
export const filterSchema = querySchema(filterShape) satisfies z.ZodType<Filter>;

/**
 * A filter of one value or several, given as a parameter for each.
 *
 * @param separator also divides one text, for values that cannot hold it
 */
function several<Value>(schema: z.ZodType<Value, string>, separator?: ',') {
  return z
    .union([z.string(), z.array(z.string()).max(MAX_VALUES)], `must be text, at most ${MAX_VALUES} values`)
    .transform((given, context): OneOrMore<Value> => {
      const texts = [given].flat().flatMap((text) => (separator ? text.split(separator) : [text]));
      const values: Value[] = [];
      for (const text of texts) {
        const { data, error } = schema.safeParse(text);
        if (error === undefined) values.push(data);
        else context.issues.push({ code: 'custom', input: text, message: error.issues[0]?.message ?? '' });
      }
      const [first] = values;
      return values.length === 1 && first !== undefined ? first : values;
    })
    .optional();
}

function parseStatus(text: string): StatusRange | undefined {
  const digits = /^([1-5])xx$/i.exec(text);
  if (digits !== null) return { from: Number(digits[1]) * 100, to: Number(digits[1]) * 100 + 99 };
  const range = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text);
  const from = Number(range?.[1]);
  const to = Number(range?.[2] ?? range?.[1]);
  return from <= to ? { from, to } : undefined;
}
