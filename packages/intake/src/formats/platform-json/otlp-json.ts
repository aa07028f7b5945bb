import type { Format } from '../../format.js';
import { recordsOf } from '../../otlp/export-request.js';
import { readLogRecord } from '../../otlp/log-record.js';
import { refuse } from '../../parsed-line.js';

/** An ExportLogsServiceRequest in JSON, as the collector's file exporter writes it: one line, several entries. */
export const otlpJson: Format = {
  name: 'otlp-json',
  title: 'OpenTelemetry logs (OTLP/JSON)',
  reference: 'https://opentelemetry.io/docs/specs/otel/logs/data-model/',
  isJson: true,
  detect: ({ record }) => record !== undefined && Array.isArray(record.resourceLogs),
  parse({ record }, context) {
    if (record === undefined || !Array.isArray(record.resourceLogs)) {
      return refuse('invalid_json', 'is no ExportLogsServiceRequest');
    }
    return Array.from(recordsOf(record), ({ log, surroundings }) =>
      readLogRecord(log, surroundings, context),
    );
  },
};
