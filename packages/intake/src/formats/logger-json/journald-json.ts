import { from } from '../../json/field-source.js';
import { jsonFormat } from '../../json/json-format.js';
import { without } from '../../json/json-record.js';
import { readText } from '../../json/json-values.js';
import { readSeverity } from '../../values/level-words.js';
import { parseTime } from '../../values/time-text.js';

/** The journal as `journalctl -o json` writes it: all is text, and what is no UTF-8 a list of bytes. */
export const journaldJson = jsonFormat({
  name: 'journald-json',
  title: 'systemd journal (journalctl -o json)',
  reference: 'https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format',
  detect: (record) =>
    '__REALTIME_TIMESTAMP' in record ||
    ('__CURSOR' in record && 'MESSAGE' in record) ||
    '_SOURCE_REALTIME_TIMESTAMP' in record,
  fields: [from('component', 'SYSLOG_IDENTIFIER _SYSTEMD_UNIT _COMM', readText)],
  prepare: (record) => {
    const { MESSAGE: message, PRIORITY: priority } = record;
    const times = ['__REALTIME_TIMESTAMP', '_SOURCE_REALTIME_TIMESTAMP'];
    const timestamp = parseTime(times.map((name) => record[name]).find((time) => time !== undefined));
    const text = textOf(message);
    return {
      entry: { kind: 'log', timestamp, level: readSeverity(textOf(priority)), message: text },
      rest: without(record, 'PRIORITY', ...times, ...(text === undefined ? [] : ['MESSAGE'])),
    };
  },
});

/** A text, the bytes of one, or what came several times. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const isBytes = value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  if (isBytes) return Buffer.from(value).toString('utf8');
  const texts = value.map(textOf).filter((text) => text !== undefined);
  return texts.length > 0 ? texts.join('\n') : undefined;
}
