import { from } from '../../json/field-source.js';
import { APPLICATION_FIELDS, CORE_FIELDS, NAME_FIELDS } from '../../json/generic-fields.js';
import { errorOfTraceback } from '../../json/json-error.js';
import { jsonFormat } from '../../json/json-format.js';
import { readTime } from '../../json/json-values.js';
import { readLevel } from '../../values/level-words.js';

/** python-json-logger, and others that write the attributes of Python's LogRecord. */
export const pythonJson = jsonFormat({
  name: 'python-json',
  title: 'python-json-logger',
  reference: 'https://docs.python.org/3/library/logging.html#logrecord-attributes',
  detect: (record) => typeof record.levelname === 'string' || typeof record.asctime === 'string',
  fields: [
    from('timestamp', 'asctime timestamp time ts @timestamp created', readTime),
    from('level', 'levelname level', readLevel),
    from('error', 'exc_info exc_text', (value) =>
      typeof value === 'string' && value !== 'NoneType: None' ? errorOfTraceback(value) : undefined,
    ),
    ...CORE_FIELDS,
    ...NAME_FIELDS,
    ...APPLICATION_FIELDS,
  ],
});
