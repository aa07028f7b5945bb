import { from } from '../../json/field-source.js';
import { APPLICATION_FIELDS } from '../../json/generic-fields.js';
import { errorOfStack } from '../../json/json-error.js';
import { jsonFormat } from '../../json/json-format.js';
import type { JsonRecord } from '../../json/json-record.js';
import {
  readCount,
  readIp,
  readMethod,
  readPath,
  readStatus,
  readText,
  readTime,
} from '../../json/json-values.js';
import { readLevel } from '../../values/level-words.js';

const HOLE = /\{\{|\}\}|\{[@$]?(\w{1,100})(?:,-?\d{1,4})?(?::[^{}]{0,100})?\}/g;

/** Serilog's compact format (CLEF): `@` and a letter for what Serilog itself says, properties beside. */
export const serilogCompact = jsonFormat({
  name: 'serilog-compact',
  title: 'Serilog, compact (CLEF)',
  reference: 'https://github.com/serilog/serilog-formatting-compact#format-details',
  detect: (record) =>
    '@t' in record &&
    ('@m' in record || '@mt' in record || '@l' in record || '@x' in record || '@i' in record),
  fields: [
    from('timestamp', '@t', readTime),
    from('component', 'SourceContext', readText),
    from('trace_id', '@tr', readText),
    from('span_id', '@sp', readText),
    from('error', '@x', (value) => (typeof value === 'string' ? errorOfStack(value) : undefined)),
    from('method', 'RequestMethod', readMethod),
    from('path', 'RequestPath', readPath),
    from('status_code', 'StatusCode', (value, record) =>
      'RequestPath' in record ? readStatus(value) : undefined,
    ),
    from('response_time_ms', 'Elapsed', (value, record) =>
      'RequestPath' in record ? readCount(value) : undefined,
    ),
    from('request_id', 'RequestId', readText),
    from('user_id', 'UserId', readText),
    from('client_ip', 'ClientIp', readIp),
    ...APPLICATION_FIELDS,
  ],
  prepare: (record) => {
    const { '@l': level, '@m': message, '@mt': template, ...properties } = record;
    const isVerbose = typeof level === 'string' && level.toLowerCase() === 'verbose';
    const known = isVerbose ? 'TRACE' : level === undefined ? 'INFO' : readLevel(level);
    const text = typeof message === 'string' ? message : rendered(template, properties);
    const rest: Record<string, unknown> = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name.replace(/^@@/, '@'), value]),
    );
    if (known === undefined) rest['@l'] = level;
    if (text !== template && typeof message !== 'string') rest['@mt'] = template;
    return { entry: { level: known, message: text }, rest };
  },
});

/** The message a template gives (https://messagetemplates.org); holes without a value stay as they are. */
function rendered(template: unknown, properties: JsonRecord): string | undefined {
  if (typeof template !== 'string') return undefined;
  return template.replace(HOLE, (hole: string, name: string | undefined) => {
    if (name === undefined) return hole.slice(0, 1);
    if (!Object.hasOwn(properties, name)) return hole;
    const value = properties[name];
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}
