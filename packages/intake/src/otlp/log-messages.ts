import type { MessageTable } from './wire-reader.js';

/**
 * The messages of OTLP logs as their JSON names them.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/tree/v1.7.0/opentelemetry/proto
 */
const ANY_VALUE: MessageTable = {
  1: { name: 'stringValue', holds: 'string' },
  2: { name: 'boolValue', holds: 'bool' },
  3: { name: 'intValue', holds: 'int64' },
  4: { name: 'doubleValue', holds: 'double' },
  5: { name: 'arrayValue', holds: () => ARRAY_VALUE },
  6: { name: 'kvlistValue', holds: () => KEY_VALUE_LIST },
  7: { name: 'bytesValue', holds: 'base64' },
};
const ARRAY_VALUE: MessageTable = { 1: { name: 'values', holds: () => ANY_VALUE, isRepeated: true } };
const KEY_VALUE: MessageTable = {
  1: { name: 'key', holds: 'string' },
  2: { name: 'value', holds: () => ANY_VALUE },
};
const KEY_VALUE_LIST: MessageTable = { 1: { name: 'values', holds: () => KEY_VALUE, isRepeated: true } };

export const RESOURCE: MessageTable = {
  1: { name: 'attributes', holds: () => KEY_VALUE, isRepeated: true },
};

export const SCOPE: MessageTable = {
  1: { name: 'name', holds: 'string' },
  2: { name: 'version', holds: 'string' },
  3: { name: 'attributes', holds: () => KEY_VALUE, isRepeated: true },
};

export const LOG_RECORD: MessageTable = {
  1: { name: 'timeUnixNano', holds: 'fixed64' },
  2: { name: 'severityNumber', holds: 'int32' },
  3: { name: 'severityText', holds: 'string' },
  5: { name: 'body', holds: () => ANY_VALUE },
  6: { name: 'attributes', holds: () => KEY_VALUE, isRepeated: true },
  7: { name: 'droppedAttributesCount', holds: 'int32' },
  9: { name: 'traceId', holds: 'hex' },
  10: { name: 'spanId', holds: 'hex' },
  11: { name: 'observedTimeUnixNano', holds: 'fixed64' },
  12: { name: 'eventName', holds: 'string' },
};

/** Field numbers of the messages around the records, which are read one at a time. */
export const RESOURCE_LOGS_OF_REQUEST = 1;
export const RESOURCE_OF_RESOURCE_LOGS = 1;
export const SCOPE_LOGS_OF_RESOURCE_LOGS = 2;
export const SCOPE_OF_SCOPE_LOGS = 1;
export const LOG_RECORDS_OF_SCOPE_LOGS = 2;
