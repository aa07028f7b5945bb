import { GENERIC_FIELDS } from '../../json/generic-fields.js';
import { errorOfStack } from '../../json/json-error.js';
import { jsonFormat } from '../../json/json-format.js';
import { without } from '../../json/json-record.js';

/** Levels of npm, of which none but winston writes `silly`, and of syslog. */
const LEVELS = /^(error|warn|info|http|verbose|debug|silly|emerg|alert|crit|warning|notice)$/i;

/** winston's `format.json()`: with `format.errors({ stack: true })` an error's stack stands beside its message. */
export const winston = jsonFormat({
  name: 'winston',
  title: 'winston',
  reference: 'https://github.com/winstonjs/logform#json',
  detect: ({ level, message, timestamp }) =>
    typeof level === 'string' && LEVELS.test(level) && typeof message === 'string' && timestamp !== undefined,
  fields: GENERIC_FIELDS,
  prepare: (record) => {
    const { stack, message, code } = record;
    if (typeof stack !== 'string' || 'error' in record || 'err' in record)
      return { entry: {}, rest: { ...record } };
    const error = errorOfStack(stack);
    return {
      entry: {
        error: {
          ...error,
          message: typeof message === 'string' && error.message === '' ? message : error.message,
          ...(typeof code === 'string' && { code }),
        },
      },
      rest: without(record, 'stack'),
    };
  },
});
