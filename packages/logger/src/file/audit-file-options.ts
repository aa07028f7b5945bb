import { type LevelName, parseLevel } from '@tailrace/schema';
import { checkWholeNumber, kindOf, shown } from '@tailrace/writer';

/** A file that audit entries are written to as well. */
export interface AuditFileOptions {
  /** Such as `logs/audit.log`; its folder is made when it is missing. */
  readonly path: string;
  /** Bytes it may have before it is rotated, from 1024. @default 10485760 (10 MiB) */
  readonly maxBytes?: number;
  /** Rotated files that are kept, 1 to 1000. @default 10 */
  readonly backups?: number;
  /** Lowest level that goes into it, by name. @default 'AUDIT' */
  readonly level?: LevelName;
  /** Only entries of this component and those below it (`vmm` is also `vmm.disk`). @default all */
  readonly component?: string;
}

const DEFAULTS = { maxBytes: 10 * 1024 * 1024, backups: 10, level: 'AUDIT' } as const;
const NAMES = ['path', ...Object.keys(DEFAULTS), 'component'];

/** Options with their defaults. */
export interface ResolvedAuditFile extends Required<Omit<AuditFileOptions, 'component' | 'level'>> {
  readonly level: NonNullable<ReturnType<typeof parseLevel>>;
  readonly component: string | undefined;
}

/** @throws RangeError naming the option, its value and what is allowed. */
export function resolveAuditFile(given: unknown): ResolvedAuditFile | false {
  if (given === false) return false;
  if (typeof given !== 'object' || given === null) {
    throw new RangeError(`auditFile is ${kindOf(given)}; allowed: { ${NAMES.join(', ')} }, or false`);
  }
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`auditFile.${unknown} is no option; allowed: ${NAMES.join(', ')}`);
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const all = { ...DEFAULTS, ...set } as Required<AuditFileOptions>;
  checkText('path', all.path);
  if ('component' in set) checkText('component', all.component);
  checkWholeNumber('auditFile.maxBytes', all.maxBytes, [1_024, 1024 ** 4]);
  checkWholeNumber('auditFile.backups', all.backups, [1, 1_000]);
  const level = typeof all.level === 'string' ? parseLevel(all.level) : undefined;
  if (level === undefined) throw new RangeError(`auditFile.level is ${shown(all.level)}; allowed: a level`);
  return { ...all, level, component: all.component };
}

function checkText(name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new RangeError(`auditFile.${name} is ${shown(value)}; allowed: a text that is not empty`);
}
