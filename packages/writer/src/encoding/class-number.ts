import { RETENTION_CLASSES, type RetentionClass } from '@tailrace/schema';

/** Number of a class in the table the script is given, from 1. */
export function classNumber(retention: RetentionClass): number {
  return RETENTION_CLASSES.indexOf(retention) + 1;
}
