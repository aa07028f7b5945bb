import { alertRuleSchema } from '../../packages/api/dist/index.js';
import { code, known, table } from './markdown.mjs';

/** What says itself in the schema. */
const WORDS = {
  description: 'For people',
  enabled: 'Whether it is evaluated. Default: true',
};

/** The fields of an alert rule, from their schema. */
export function alertRule() {
  const rows = Object.entries(alertRuleSchema.shape).map(([name, { description }]) => [
    code(name),
    description ?? known(WORDS, name, 'an alert rule'),
  ]);
  return table(['field', ''], rows);
}
