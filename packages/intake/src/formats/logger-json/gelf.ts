import { from } from '../../json/field-source.js';
import { APPLICATION_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { readMessage, readText, readTime } from '../../json/json-values.js';
import { readSeverity } from '../../values/level-words.js';

/** GELF 1.1: levels are syslog's severities, fields of the sender begin with `_`. */
export const gelf = jsonFormat({
  name: 'gelf',
  title: 'GELF 1.1 (Graylog)',
  reference: 'https://go2docs.graylog.org/current/getting_in_log_data/gelf.html',
  detect: (record) => typeof record.short_message === 'string' && ('version' in record || 'host' in record),
  fields: [
    from('timestamp', 'timestamp', readTime),
    from('level', 'level', readSeverity),
    from('message', 'short_message', readMessage),
    from('component', 'component service logger logger_name facility', readText),
    ...APPLICATION_FIELDS.filter(({ field }) => field !== 'proxy_hostname'),
  ],
  prepare: (record) => {
    const rest: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(record)) {
      const bare = name.startsWith('_') ? name.slice(1) : name;
      rest[bare === '' || bare === '__proto__' || Object.hasOwn(record, bare) ? name : bare] = value;
    }
    // "level: optional, default is 1 (ALERT)".
    return { entry: record.level === undefined ? { level: 'CRITICAL' } : {}, rest };
  },
});
