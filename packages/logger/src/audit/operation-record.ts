/** How an operation ended. */
export type OperationStatus = 'success' | 'failed' | 'partial';

/** What every record of an operation has (spec 001 "Common Fields"). */
interface OperationFields {
  /** Who did it. */
  readonly username: string;
  /** Epoch milliseconds, a Date, or ISO 8601. @default now */
  readonly timestamp?: number | Date | string | undefined;
}

/** The creation of a machine (spec 001, section 1). */
export interface VmCreation extends OperationFields {
  readonly operation: 'vm_creation';
  /** @default failed with an error, else success */
  readonly status?: 'success' | 'failed' | undefined;
  readonly vm_name: string;
  readonly vm_id: number | null;
  readonly configuration: {
    readonly cores?: number;
    readonly sockets?: number;
    readonly cpu_type?: string;
    readonly memory_mb?: number;
    readonly disk_size_gb?: number;
    readonly storage?: string;
    readonly network_bridge?: string;
    readonly network_model?: string;
    readonly os_type?: string;
    readonly bios?: string;
    readonly machine?: string;
    readonly iso?: string | null;
    readonly virtio_iso?: string | null;
    readonly enable_guest_agent?: boolean;
    readonly start_on_creation?: boolean;
    readonly tags?: readonly string[];
  };
  readonly node: string;
  readonly task_id?: string | null | undefined;
  /** @default null */
  readonly error?: string | null | undefined;
}

/** A machine made of a template (spec 001, section 2). */
export interface TemplateClone extends OperationFields {
  readonly operation: 'template_clone';
  /** @default failed with an error, else success */
  readonly status?: 'success' | 'failed' | undefined;
  readonly source_template: { readonly template_id: number; readonly template_name: string };
  readonly vm_name: string;
  readonly vm_id: number | null;
  readonly configuration: {
    readonly cores?: number | null;
    readonly memory_mb?: number | null;
    readonly storage?: string;
    readonly full_clone?: boolean;
    readonly start_after_clone?: boolean;
    readonly tags?: readonly string[];
  };
  readonly node: string;
  readonly task_id?: string | null | undefined;
  /** @default null */
  readonly error?: string | null | undefined;
}

/** Several operations at once (spec 001, section 3). Status and summary are derived from them. */
export interface BatchOperation extends OperationFields {
  readonly operation: 'batch_clone' | 'batch_create';
  readonly operations: readonly {
    readonly vm_name: string;
    /** 0 when it failed. */
    readonly vm_id: number;
    /** `failed`, or anything else for what succeeded, such as `created`. */
    readonly status: string;
    readonly message?: string;
  }[];
}

/** A check after a deployment (spec 001, section 4). Its status is derived from its checks. */
export interface Validation extends OperationFields {
  readonly operation: 'validation';
  readonly vm_id: number;
  readonly vm_name: string;
  /** Such as `healthy`. */
  readonly validation_status: string;
  readonly checks: Readonly<Record<string, { readonly passed: boolean; readonly message?: string }>>;
}

/** The record of an operation (spec 001 "Operation Types"). */
export type OperationRecord = VmCreation | TemplateClone | BatchOperation | Validation;

/** What a batch came to (spec 001, section 3). */
export interface BatchSummary {
  readonly total_requested: number;
  readonly successful: number;
  readonly failed: number;
  /** Such as `80.0%`; of nothing `0.0%`. */
  readonly success_rate: string;
}

/** A record as it is stored and stands in the audit file, its fields in the order of spec 001. */
export interface CompleteOperation {
  readonly operation: string;
  readonly operation_type: string;
  readonly username: string;
  readonly status: OperationStatus;
  readonly summary?: BatchSummary;
  readonly [field: string]: unknown;
}

const TYPES: Readonly<Record<OperationRecord['operation'], string>> = {
  vm_creation: 'create',
  template_clone: 'clone',
  batch_clone: 'batch',
  batch_create: 'batch',
  validation: 'validate',
};

/** A record with all that follows from it: its type, its status, and of a batch the summary. */
export function completeOperation(record: OperationRecord): CompleteOperation {
  const { operation, username, timestamp: _, ...rest } = record;
  // What is derived is derived, whatever a caller without types gives.
  const { status: _status, summary: _summary, ...own } = rest as Readonly<Record<string, unknown>>;
  const head = { operation, operation_type: TYPES[operation], username };
  switch (record.operation) {
    case 'batch_clone':
    case 'batch_create': {
      const summary = summaryOf(record.operations);
      return { ...head, status: batchStatus(summary), summary, ...own };
    }
    case 'validation':
      return { ...head, status: checkStatus(record.checks), ...own };
    default: {
      const { status, error = null } = record;
      return { ...head, status: status ?? (error === null ? 'success' : 'failed'), ...own, error };
    }
  }
}

function summaryOf(operations: BatchOperation['operations']): BatchSummary {
  const failed = operations.filter(({ status }) => status === 'failed').length;
  const total = operations.length;
  const successful = total - failed;
  const rate = total === 0 ? 0 : (successful / total) * 100;
  return { total_requested: total, successful, failed, success_rate: `${rate.toFixed(1)}%` };
}

function batchStatus({ successful, failed }: BatchSummary): OperationStatus {
  if (failed === 0) return 'success';
  return successful === 0 ? 'failed' : 'partial';
}

function checkStatus(checks: Validation['checks']): OperationStatus {
  const results = Object.values(checks);
  const passed = results.filter((check) => check.passed).length;
  if (passed === results.length) return 'success';
  return passed === 0 ? 'failed' : 'partial';
}
