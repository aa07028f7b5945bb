import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileLine } from '../file/operation-line.js';
import { log_operation, type OperationRecord } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';
import { SPEC_LINES, SPEC_RECORDS } from './testing/spec-operations.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => recorder.stop());

const last = () => recorder.entries.at(-1) as (typeof recorder.entries)[number];

describe('log_operation', () => {
  test.each(
    SPEC_RECORDS.map(
      (record, i) => [record.operation, record, SPEC_LINES[i] as (typeof SPEC_LINES)[number]] as const,
    ),
  )('gives the line of spec 001 for its example of %s', (_, record, line) => {
    log_operation(record);
    expect(JSON.parse(fileLine(last()))).toMatchObject(line);
    expect(last()).toMatchObject({
      level: 'AUDIT',
      component: 'audit',
      event: line.operation,
      user_id: 'root@pam',
      timestamp: Date.parse(line.timestamp),
    });
  });

  test('keeps the order of the fields, and adds the status to a validation, which all records have', () => {
    for (const record of SPEC_RECORDS) log_operation(record);
    const lines = recorder.entries.map((entry) => JSON.parse(fileLine(entry)));
    expect(Object.keys(lines[0])).toEqual(Object.keys(SPEC_LINES[0]));
    expect(Object.keys(lines[2])).toEqual(Object.keys(SPEC_LINES[2]));
    expect(lines[3]).toEqual({ ...SPEC_LINES[3], status: 'success' });
  });

  test('derives status, summary and success rate of a batch', () => {
    const batch = (...statuses: string[]): OperationRecord => ({
      operation: 'batch_create',
      username: 'u',
      operations: statuses.map((status, i) => ({ vm_name: `vm${i}`, vm_id: i + 1, status })),
    });
    const derived = (...statuses: string[]) => {
      log_operation(batch(...statuses));
      const { status, summary } = last().data ?? {};
      return [status, (summary as { success_rate: string }).success_rate];
    };
    expect(derived('created', 'created')).toEqual(['success', '100.0%']);
    expect(derived('created', 'failed', 'failed')).toEqual(['partial', '33.3%']);
    expect(derived('failed')).toEqual(['failed', '0.0%']);
    expect(derived()).toEqual(['success', '0.0%']);
    log_operation({ ...batch('failed'), status: 'success' } as OperationRecord);
    expect(last().data).toMatchObject({ status: 'failed' });
  });

  test('an error makes it failed, and is the error of the entry', () => {
    const [creation] = SPEC_RECORDS as [OperationRecord];
    log_operation({ ...creation, error: 'disk full' } as OperationRecord, { trace_id: 't' });
    expect(last()).toMatchObject({
      outcome: 'failure',
      trace_id: 't',
      objects: ['vm-105'],
      error: { message: 'disk full' },
      data: { status: 'failed' },
    });
    expect(JSON.parse(fileLine(last()))).toMatchObject({ status: 'failed', error: 'disk full' });
  });

  test('keeps no password, and never throws', () => {
    const secret = { operation: 'validation', username: 'u', checks: {}, password: 'hunter2' };
    const odd: unknown[] = [undefined, null, 7, {}, { operation: 'batch_clone', username: 'u' }, secret];
    for (const record of odd) log_operation(record as OperationRecord);
    expect(recorder.entries).toHaveLength(odd.length);
    expect(JSON.stringify(recorder.entries)).not.toContain('hunter2');
  });
});
