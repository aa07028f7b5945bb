import type { Candidate } from '../parsed-line.js';
import type { JsonRecord } from './json-fields.js';

/** Whether a record is a line of an audit log: who (`username`) did what (`operation`), without a level. */
export function isAuditRecord(record: JsonRecord): boolean {
  return typeof record.operation === 'string' && typeof record.username === 'string' && !('level' in record);
}

/**
 * Reads what an audit log says in words of its own: the operation is the event, the machine is an object
 * (`vm-105`), and a `partial` status is a failure, its word kept. All other keys are left for the ordinary fields.
 */
export function readAuditRecord(record: JsonRecord): { entry: Candidate; rest: JsonRecord } {
  const { operation, vm_id: vmId, ...rest } = record;
  const status = typeof record.status === 'string' ? `: ${record.status}` : '';
  return {
    entry: {
      kind: 'log',
      level: 'AUDIT',
      component: 'audit',
      event: operation,
      message:
        typeof record.message === 'string' ? record.message : `${operation} by ${record.username}${status}`,
      ...(record.status === 'partial' && { outcome: 'failure' }),
      ...(typeof vmId === 'number' && { objects: [`vm-${vmId}`] }),
    },
    rest: typeof vmId === 'number' ? rest : { ...rest, ...(vmId !== undefined && { vm_id: vmId }) },
  };
}
