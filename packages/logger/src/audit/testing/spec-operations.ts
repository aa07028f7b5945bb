import type { OperationRecord } from '../operation-record.js';

/** The example entries of spec 001, as they stand there. */
export const SPEC_LINES = [
  {
    timestamp: '2026-02-09T18:30:45.123Z',
    operation: 'vm_creation',
    operation_type: 'create',
    username: 'root@pam',
    status: 'success',
    vm_name: 'win-server-01',
    vm_id: 105,
    configuration: {
      cores: 4,
      sockets: 1,
      cpu_type: 'host',
      memory_mb: 8192,
      disk_size_gb: 100,
      storage: 'local-lvm',
      network_bridge: 'vmbr0',
      network_model: 'virtio',
      os_type: 'windows',
      bios: 'ovmf',
      machine: 'q35',
      iso: 'local:iso/windows-server-2022.iso',
      virtio_iso: 'local:iso/virtio-win-0.1.266.iso',
      enable_guest_agent: true,
      start_on_creation: false,
      tags: ['production', 'web-server'],
    },
    node: 'bestia',
    task_id: 'UPID:bestia:00001234:00005678:65C6D8A5:qmcreate:105:root@pam:',
    error: null,
  },
  {
    timestamp: '2026-02-09T18:35:12.456Z',
    operation: 'template_clone',
    operation_type: 'clone',
    username: 'root@pam',
    status: 'success',
    source_template: { template_id: 9000, template_name: 'ubuntu-noble-template' },
    vm_name: 'web-server-02',
    vm_id: 106,
    configuration: {
      cores: 4,
      memory_mb: 8192,
      storage: 'local-lvm',
      full_clone: true,
      start_after_clone: false,
      tags: ['staging', 'web'],
    },
    node: 'bestia',
    task_id: 'UPID:bestia:00001235:00005679:65C6D8B0:qmclone:9000:root@pam:',
    error: null,
  },
  {
    timestamp: '2026-02-09T18:40:00.789Z',
    operation: 'batch_clone',
    operation_type: 'batch',
    username: 'root@pam',
    status: 'partial',
    summary: { total_requested: 5, successful: 4, failed: 1, success_rate: '80.0%' },
    operations: [
      { vm_name: 'kube-node-01', vm_id: 107, status: 'created', message: 'VM 107 cloned successfully' },
      { vm_name: 'kube-node-02', vm_id: 108, status: 'created', message: 'VM 108 cloned successfully' },
      { vm_name: 'kube-node-03', vm_id: 109, status: 'created', message: 'VM 109 cloned successfully' },
      { vm_name: 'kube-node-04', vm_id: 110, status: 'created', message: 'VM 110 cloned successfully' },
      { vm_name: 'kube-node-05', vm_id: 0, status: 'failed', message: 'Failed: Storage full' },
    ],
  },
  {
    timestamp: '2026-02-09T18:45:30.123Z',
    operation: 'validation',
    operation_type: 'validate',
    username: 'root@pam',
    vm_id: 107,
    vm_name: 'kube-node-01',
    validation_status: 'healthy',
    checks: {
      proxmox_status: { passed: true, message: 'VM is running' },
      ip_address: { passed: true, message: 'IP: 192.168.1.200' },
      ssh_port: { passed: true, message: 'Port 22 is reachable' },
    },
  },
] as const;

/** The records a caller gives for them: without what follows from the rest. */
export const SPEC_RECORDS: readonly OperationRecord[] = SPEC_LINES.map((line) => {
  const {
    operation_type: _,
    status: _status,
    summary: _summary,
    ...record
  } = line as Record<string, unknown>;
  return record as unknown as OperationRecord;
});
