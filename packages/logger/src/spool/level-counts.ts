import { LEVEL_NAMES, type Level } from '@tailrace/schema';

/** A number for each level; one that is absent is 0. */
export type LevelCounts = Partial<Record<Level, number>>;

export function addTo(counts: LevelCounts, level: Level, amount: number): void {
  counts[level] = (counts[level] ?? 0) + amount;
}

export function eachLevel(counts: LevelCounts, visit: (level: Level, amount: number) => void): void {
  for (const level of LEVEL_NAMES) {
    const amount = counts[level];
    if (amount !== undefined && amount > 0) visit(level, amount);
  }
}
