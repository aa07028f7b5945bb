import { from } from '../../json/field-source.js';
import { APPLICATION_FIELDS, CORE_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, without } from '../../json/json-record.js';
import { readText } from '../../json/json-values.js';

/** tracing-subscriber's JSON: an event's fields in `fields`, or beside the others with `flatten_event`. */
export const rustTracing = jsonFormat({
  name: 'rust-tracing',
  title: 'tracing-subscriber (Rust)',
  reference: 'https://docs.rs/tracing-subscriber/latest/tracing_subscriber/fmt/format/struct.Json.html',
  detect: ({ target, level, timestamp, fields, message }) =>
    typeof level === 'string' &&
    timestamp !== undefined &&
    (isRecord(fields)
      ? typeof target === 'string' || 'message' in fields
      : typeof target === 'string' && typeof message === 'string'),
  fields: [
    from('component', 'log.target target', readText),
    ...CORE_FIELDS.filter(({ field }) => field !== 'component'),
    ...APPLICATION_FIELDS.filter(({ field }) => field !== 'span_id'),
    from('span_id', 'span_id spanId', readText),
  ],
  /** A span's own fields are no fields of the event: they stay in `data`. */
  prepare: (record) => {
    const outer = without(record, 'fields');
    const inner = isRecord(record.fields) ? record.fields : {};
    const clashes = Object.keys(inner).filter((name) => Object.hasOwn(outer, name));
    return {
      entry: {},
      rest: {
        ...without(inner, ...clashes),
        ...outer,
        ...(clashes.length > 0 && { fields: Object.fromEntries(clashes.map((name) => [name, inner[name]])) }),
      },
    };
  },
});
