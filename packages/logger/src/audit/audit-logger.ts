import { type LevelName, parseLevel } from '@tailrace/schema';
import { type LogFields, snapshotFields } from '@tailrace/writer';
import { currentLogger } from '../log-functions.js';
import { readAuditFields } from './audit-fields.js';

/** Options of {@link createAuditLogger}. */
export interface AuditLoggerOptions {
  /** Component of every entry, such as `vmm`. */
  readonly component: string;
}

/** Logs what one component does, about objects (spec 000, `AuditLogger`). */
export interface AuditLogger {
  /**
   * Logs to the store, and to the console where the logger has one. Returns at once and never throws, like every log call.
   *
   * @param level `AUDIT` for what changes state; another for what does not. What is no level is taken as `AUDIT`
   * @param objects what it is about, such as `vm-123`: up to 32
   * @param fields as of {@link log_audit}
   */
  log(
    level: LevelName | 'WARN' | 'warn',
    message: string,
    objects?: readonly string[],
    fields?: LogFields,
  ): void;
}

/**
 * Makes a logger whose entries all have one component. It writes through the logger of the process.
 *
 * @throws RangeError when the component is not a text, or empty.
 */
export function createAuditLogger({ component }: AuditLoggerOptions): AuditLogger {
  if (typeof component !== 'string' || component === '') {
    throw new RangeError(`component is ${JSON.stringify(component)}: must be a text that is not empty`);
  }
  const bound = snapshotFields({ component });
  return {
    log(level, message, objects, fields) {
      const known = (typeof level === 'string' ? parseLevel(level) : undefined) ?? 'AUDIT';
      const own = withObjects(fields, objects);
      const read = known === 'AUDIT' ? readAuditFields(message, own) : own;
      currentLogger().log(known, message, read, bound);
    },
  };
}

function withObjects(fields: LogFields | undefined, objects: readonly string[] | undefined): unknown {
  if (objects === undefined) return fields;
  try {
    return { ...fields, objects };
  } catch {
    return { objects };
  }
}
