import { from } from '../../json/field-source.js';
import { APPLICATION_FIELDS, CORE_FIELDS, NAME_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { readText } from '../../json/json-values.js';
import { readLevel, readTens } from '../../values/level-words.js';

const level = from(
  'level',
  'level',
  (value) => readTens(value) ?? (typeof value === 'string' ? readLevel(value) : undefined),
);
const requestId = from('request_id', 'req_id reqId req.id', readText);

/** pino and pino-http: numbers from 10 to 60 or labels, request and response by the standard serializers. */
export const pino = jsonFormat({
  name: 'pino',
  title: 'pino and pino-http',
  reference: 'https://getpino.io/#/docs/api',
  detect: (record) =>
    !('v' in record) &&
    ('time' in record || 'timestamp' in record) &&
    ((typeof record.level === 'number' && record.level >= 10) ||
      (typeof record.level === 'string' && 'pid' in record && 'hostname' in record)),
  fields: [
    level,
    requestId,
    ...CORE_FIELDS.filter(({ field }) => field !== 'level'),
    ...NAME_FIELDS,
    ...APPLICATION_FIELDS,
  ],
});

/** bunyan: as pino, told by `v`. */
export const bunyan = jsonFormat({
  name: 'bunyan',
  title: 'bunyan',
  reference: 'https://github.com/trentm/node-bunyan#log-record-fields',
  detect: (record) =>
    'v' in record && typeof record.level === 'number' && 'name' in record && 'hostname' in record,
  fields: [
    level,
    requestId,
    ...CORE_FIELDS.filter(({ field }) => field !== 'level'),
    ...NAME_FIELDS,
    ...APPLICATION_FIELDS,
  ],
});
