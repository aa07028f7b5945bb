import type { Wrapper } from '../format.js';
import { without } from '../json/json-record.js';
import { refuse } from '../parsed-line.js';
import { parseIsoTime } from '../values/time-text.js';

/** Docker's file per container; a line over 16 KiB comes in parts, of which only the last ends with a line end. */
export const dockerJsonFile: Wrapper = {
  name: 'docker-json-file',
  title: 'Docker, json-file logging driver',
  reference: 'https://docs.docker.com/engine/logging/drivers/json-file/',
  isJson: true,
  detect: ({ record }) =>
    record !== undefined &&
    typeof record.log === 'string' &&
    typeof record.time === 'string' &&
    (record.stream === 'stdout' || record.stream === 'stderr'),
  unwrap({ record }) {
    const { log, time, stream } = record ?? {};
    if (record === undefined || typeof log !== 'string') return refuse('malformed', 'no line of Docker');
    const timestamp = parseIsoTime(String(time));
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${String(time).slice(0, 100)}`);
    const { attrs } = without(record, 'log', 'time', 'stream');
    return {
      text: log.replace(/\r?\n$/, ''),
      isPartial: !log.endsWith('\n'),
      stream: String(stream),
      outer: { timestamp, data: { stream, ...(attrs !== undefined && { attrs }) } },
    };
  },
};
