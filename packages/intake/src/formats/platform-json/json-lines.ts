import { GENERIC_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { refuse } from '../../parsed-line.js';

/** JSON objects of any other origin, read by the usual names of fields. */
export const jsonLines = jsonFormat({
  name: 'json',
  title: 'JSON objects with the usual keys, one a line, pretty-printed or in an array; entries of Tailrace',
  reference: 'RFC 8259',
  isGeneric: true,
  detect: () => true,
  fields: GENERIC_FIELDS,
  prepare: (record) => {
    if (Array.isArray(record.logs) && 'next_cursor' in record) {
      return refuse(
        'whole_reply',
        "a whole reply of the gateway; give its entries, one a line: jq -c '.logs[]'",
      );
    }
    for (const [key, what] of NO_LOGS) {
      if (Array.isArray(record[key])) return refuse('not_logs', `OTLP ${what}, no logs`);
    }
    return { entry: {}, rest: { ...record } };
  },
});

const NO_LOGS = [
  ['resourceSpans', 'traces'],
  ['resourceMetrics', 'metrics'],
] as const;
