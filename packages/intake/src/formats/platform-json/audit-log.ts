import { APPLICATION_FIELDS, CORE_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, without } from '../../json/json-record.js';

/** Audit lines of VM deployers: who (`username`) did what (`operation`), without a level. */
export const auditLog = jsonFormat({
  name: 'audit-log',
  title: 'Audit lines with operation and username (Proxmox VM deployer)',
  reference: 'docs/import.md',
  detect: (record) =>
    typeof record.operation === 'string' && typeof record.username === 'string' && !('level' in record),
  fields: [...CORE_FIELDS, ...APPLICATION_FIELDS],
  /** The operation is the event, the machine an object (`vm-105`), `partial` a failure whose word stays. */
  prepare: (record) => {
    const { operation, username, status, message, vm_id: vmId } = record;
    const isVm = typeof vmId === 'number' || (typeof vmId === 'string' && /^\d{1,20}$/.test(vmId));
    const said = typeof status === 'string' ? `: ${status}` : '';
    return {
      entry: {
        kind: 'log',
        level: 'AUDIT',
        component: 'audit',
        event: operation,
        message: typeof message === 'string' ? message : `${operation} by ${username}${said}`,
        ...(status === 'partial' && { outcome: 'failure' }),
        ...(isVm && { objects: [`vm-${vmId}`] }),
      },
      rest: {
        ...without(record, 'operation', 'message', ...(isVm ? ['vm_id'] : [])),
        ...(isRecord(message) && { message }),
      },
    };
  },
});
