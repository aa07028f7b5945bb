import { z } from 'zod';
import { filterShape } from '../parameters/filter-shape.js';
import { logQuerySchema, refuseContradictions } from '../parameters/log-query.js';
import { textValue } from '../parameters/text-value.js';

const { hours, from, to, limit, cursor } = logQuerySchema.shape;
const page = { limit, cursor };
const filters = {
  user: filterShape.user.describe('User id of the actor'),
  action: filterShape.event.describe(
    'Action, such as user.updated; with * at its end every action that begins so',
  ),
  outcome: filterShape.outcome,
};
const partOfEntity = textValue.regex(/^[^<>]/, 'must not begin with < or >').optional();

/** The query parameters of `GET /api/audit`. */
export const auditQuerySchema = z
  .strictObject({
    hours,
    from,
    to,
    ...page,
    ...filters,
    entity_type: partOfEntity.describe('Type of the entity; alone it may have * for any characters'),
    entity_id: partOfEntity.describe('Id of the entity; alone it may have * for any characters'),
    component: filterShape.component,
    q: filterShape.q,
  })
  .superRefine(refuseContradictions);

/** The query parameters of `GET /api/audit/entities/{type}/{id}`. */
export const entityQuerySchema = z
  .strictObject({
    hours: hours.describe('Hours to look back. Default: all that is kept'),
    from,
    to,
    ...page,
    ...filters,
  })
  .superRefine(refuseContradictions);
