import { from } from '../../json/field-source.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, stringAt, without } from '../../json/json-record.js';
import { readMessage } from '../../json/json-values.js';
import { parseTime } from '../../values/time-text.js';

const LEVELS: Readonly<Record<string, string>> = { F: 'CRITICAL', E: 'ERROR', W: 'WARNING', I: 'INFO' };

/** MongoDB 4.4 and later: structured log messages. */
export const mongodb = jsonFormat({
  name: 'mongodb',
  title: 'MongoDB, structured log',
  reference: 'https://www.mongodb.com/docs/manual/reference/log-messages/',
  detect: (record) =>
    isRecord(record.t) && '$date' in record.t && typeof record.s === 'string' && typeof record.c === 'string',
  fields: [from('message', 'msg', readMessage)],
  prepare: (record, { zone }) => {
    const { s, c } = record;
    const level = LEVELS[String(s)] ?? (/^D[1-5]?$/.test(String(s)) ? 'DEBUG' : undefined);
    const timestamp = parseTime(stringAt(record, 't', '$date'), zone);
    return {
      entry: { kind: 'log', timestamp, level, component: c === '-' ? undefined : c },
      rest: without(
        record,
        'c',
        ...(timestamp === undefined ? [] : ['t']),
        ...(level === undefined ? [] : ['s']),
      ),
    };
  },
});
