import { from } from '../../json/field-source.js';
import { GENERIC_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, valueAt } from '../../json/json-record.js';
import { readOutcome, readText } from '../../json/json-values.js';

/** FailCore's run traces: an event as text, or as an object with `type`; `status` says how it went. */
export const failcoreTrace = jsonFormat({
  name: 'failcore-trace',
  title: 'FailCore run traces',
  reference: 'docs/import.md',
  detect: (record) =>
    (typeof record.schema === 'string' && record.schema.startsWith('failcore.trace')) ||
    ('run_id' in record && 'event' in record && 'ts' in record) ||
    (isRecord(record.run) && isRecord(record.event)),
  fields: [
    from('event', 'event event.type', (value) => (isRecord(value) ? undefined : readText(value))),
    ...GENERIC_FIELDS.filter(({ field }) => field !== 'status_code'),
  ],
  prepare: (record) => ({
    entry: {
      kind: 'log',
      outcome: readOutcome(valueAt(record, 'event', 'data', 'result', 'status')),
    },
    rest: { ...record },
  }),
});
