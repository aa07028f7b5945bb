import type { EntryError } from '@tailrace/schema';
import { from } from '../../json/field-source.js';
import { IDENTITY_FIELDS } from '../../json/generic-fields.js';
import { errorOfStack } from '../../json/json-error.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, type JsonRecord } from '../../json/json-record.js';
import { readMessage, readSplitTime, readText, readTime } from '../../json/json-values.js';
import { readLevel } from '../../values/level-words.js';

const MAX_CAUSES = 16;

/**
 * Log4j 2: JsonLayout and its template, and the layout of Logstash that Log4j and Logback write. `method` is a method of
 * Java, no request's.
 */
export const log4j2Json = jsonFormat({
  name: 'log4j2-json',
  title: 'Log4j 2 JsonLayout and JsonTemplateLayout, Logstash layout (Log4j, Logback)',
  reference: 'https://logging.apache.org/log4j/2.x/manual/json-template-layout.html',
  detect: (record) =>
    (isRecord(record.instant) && 'epochSecond' in record.instant) ||
    'loggerFqcn' in record ||
    ('loggerName' in record && ['timeMillis', 'thrown', 'endOfBatch'].some((name) => name in record)) ||
    ('@timestamp' in record && '@version' in record && ('logger_name' in record || 'level' in record)),
  fields: [
    from('timestamp', 'instant', (value) => readSplitTime(value, 'epochSecond', 'nanoOfSecond')),
    from('timestamp', 'timeMillis @timestamp timestamp', readTime),
    from('level', 'level', readLevel),
    from('component', 'loggerName logger_name', readText),
    from('message', 'message', readMessage),
    from('error', 'thrown exception', (value) => thrown(value)),
    from('error', 'stack_trace', (value) => (typeof value === 'string' ? errorOfStack(value) : undefined)),
    from('trace_id', 'contextMap.trace_id contextMap.traceId mdc.trace_id mdc.traceId', readText),
    from('span_id', 'contextMap.span_id contextMap.spanId mdc.span_id mdc.spanId', readText),
    ...IDENTITY_FIELDS.filter(({ field }) => field !== 'user_id'),
    from('user_id', 'user_id userId', readText),
  ],
});

function thrown(value: unknown, depth = 0): EntryError | undefined {
  if (!isRecord(value) || depth > MAX_CAUSES) return undefined;
  const type = readText(value.name ?? value.exception_class);
  const message = readText(value.message ?? value.exception_message ?? value.localizedMessage);
  const stack = stackOf(value);
  if (type === undefined && message === undefined && stack === undefined) return undefined;
  return {
    type: type ?? 'Error',
    message: message ?? '',
    ...(stack !== undefined && { stack }),
    ...(isRecord(value.cause) && { cause: thrown(value.cause, depth + 1) }),
  };
}

/** As text, or with `stacktraceAsString` off as a list of frames. */
function stackOf(value: JsonRecord): string | undefined {
  const stack = value.extendedStackTrace ?? value.stacktrace ?? value.stack_trace;
  if (typeof stack === 'string') return stack;
  if (!Array.isArray(stack)) return undefined;
  return stack
    .filter(isRecord)
    .map((frame) => `    at ${frame.class}.${frame.method}(${frame.file}:${frame.line})`)
    .join('\n');
}
