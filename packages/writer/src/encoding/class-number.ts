import { RETENTION_CLASSES, type RetentionClass } from '@tailrace/schema';

/** Number of a class in the table the script is given, from 1. Minute histograms come behind all classes. */
export function classNumber(retention: RetentionClass): number {
  return RETENTION_CLASSES.indexOf(retention) + 1;
}

/** Number of the class of minute histograms. */
export const SHORT_STATS_NUMBER = RETENTION_CLASSES.length + 1;
