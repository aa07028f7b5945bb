import type { LogFields } from '@tailrace/writer';
import { currentLogger } from '../log-functions.js';
import { completeOperation, type OperationRecord } from './operation-record.js';

/**
 * Logs what was done to machines, as spec 001 records it: `vm_creation`, `template_clone`, `batch_clone`, `batch_create` or
 * `validation`. The type, the status and a batch's summary and success rate follow from the record. Like every log call it returns at once
 * and never throws; what is no such record is logged as it is given.
 *
 * @param fields as of {@link log_audit}, such as `trace_id` or `objects`
 */
export function log_operation(record: OperationRecord, fields: LogFields = {}): void {
  let call: OperationCall;
  try {
    call = operationCall(record, fields);
  } catch {
    call = { message: 'operation', fields: { ...fields, data: { record } } };
  }
  currentLogger().log('AUDIT', call.message, call.fields);
}

interface OperationCall {
  readonly message: string;
  readonly fields: LogFields;
}

/** An entry of an operation: the operation is its event, its user the user, the machines its objects (`vm-105`). */
function operationCall(record: OperationRecord, given: LogFields): OperationCall {
  const { operation, username, error, ...data } = completeOperation(record);
  const { status } = data;
  const time = record.timestamp === undefined ? undefined : new Date(record.timestamp).getTime();
  return {
    message: `${operation} by ${username}: ${status}`,
    fields: {
      component: 'audit',
      ...given,
      event: operation,
      user_id: username,
      outcome: status === 'success' ? 'success' : 'failure',
      objects: [...machinesOf(record), ...(Array.isArray(given.objects) ? given.objects : [])],
      ...(time !== undefined && { timestamp: time }),
      ...(typeof error === 'string' && { error: { type: 'Error', message: error } }),
      data,
    },
  };
}

function machinesOf(record: OperationRecord): string[] {
  const ids =
    'operations' in record
      ? record.operations.map((operation) => operation.vm_id)
      : [record.vm_id, 'source_template' in record ? record.source_template.template_id : null];
  return [...new Set(ids.filter((id) => typeof id === 'number' && id > 0).map((id) => `vm-${id}`))];
}
