import {
  DATA_FILTER_LIMITS,
  type DataFilterName,
  dataPathOf,
  isDataFilter,
  parseComparison,
} from '@tailrace/schema';
import { z } from 'zod';
import { MAX_VALUES, textValue } from './text-value.js';

const { filters, names, pathLength } = DATA_FILTER_LIMITS;
const PATH_RULE = `must be data. and names with dots between them, such as data.order.id; at most ${names} names and ${pathLength} characters`;

const dataValue = textValue.refine(
  (text) => parseComparison(text) !== 'invalid',
  'must have a number behind < or >, such as >100 or <=0.5',
);
const VALUES_RULE = `must be text, at most ${MAX_VALUES} values`;
const dataValues = z.union([dataValue, z.array(dataValue).max(MAX_VALUES, VALUES_RULE)], VALUES_RULE);

/**
 * The parameters of a query that has filters: those of the shape, and filters on `data` (`data.order.id`), whose names
 * nobody can list. Any other parameter is refused, as a strict object does; but zod drops `__proto__` unseen.
 */
export function querySchema<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const schema = z.object(shape).catchall(z.unknown()).superRefine(checkOthers);
  // What comes through beside the shape is filters on `data`, which the type Filter knows.
  return schema as unknown as z.ZodObject<Shape, z.core.$strict>;

  function checkOthers(query: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
    const others = Object.keys(query).filter((name) => !Object.hasOwn(shape, name));
    const unknown = others.filter((name) => !isDataFilter(name));
    if (unknown.length > 0) context.addIssue({ code: 'unrecognized_keys', keys: unknown, input: query });
    const given = others.filter(isDataFilter);
    for (const name of given) checkDataFilter(name, query[name], context);
    const last = given[filters];
    if (last !== undefined) {
      context.addIssue({
        code: 'custom',
        path: [last],
        message: `must be one of at most ${filters} on data`,
      });
    }
  }
}

function checkDataFilter(name: DataFilterName, value: unknown, context: z.core.$RefinementCtx): void {
  const { error } = dataValues.safeParse(value);
  const message = dataPathOf(name) === undefined ? PATH_RULE : error && messageOf(error);
  if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
}

/** What is wrong with the text, or with one of the texts, where the union only says that none of its kinds fits. */
function messageOf({ issues: [issue] }: z.ZodError): string {
  if (issue?.code !== 'invalid_union') return issue?.message ?? '';
  const inner = issue.errors.flat().find(({ code }) => code !== 'invalid_type');
  return inner?.message ?? issue.message;
}
