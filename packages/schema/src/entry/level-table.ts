import { LEVEL_NAMES, type Level } from './level.js';

/** Levels that lie over those of every running writer. */
export interface LevelTable {
  /** Of all components that have none of their own. */
  default?: Level | undefined;
  /** Of a component and those below it (`db`, `db.pool`); the longest that fits counts. */
  components: Record<string, Level>;
}

/** The field of the hash the table is stored in. */
const FIELD = 'table';

/** The hash a table is stored as. */
export function encodeLevelTable(table: LevelTable): Record<string, string> {
  return { [FIELD]: JSON.stringify(table) };
}

/**
 * Reads the hash back; one that is not there is a table without levels.
 *
 * @throws Error when what is stored is no table.
 */
export function decodeLevelTable(hash: Readonly<Record<string, string>>): LevelTable {
  const text = hash[FIELD];
  if (text === undefined) return { components: {} };
  const table: unknown = JSON.parse(text);
  if (isLevelTable(table)) return table;
  throw new Error(`the stored levels are no table of components and levels: ${text.slice(0, 200)}`);
}

function isLevelTable(table: unknown): table is LevelTable {
  if (typeof table !== 'object' || table === null || !('components' in table)) return false;
  const { components } = table;
  if (typeof components !== 'object' || components === null || Array.isArray(components)) return false;
  const levels = [...Object.values(components), ...('default' in table ? [table.default] : [])];
  return levels.every((level) => LEVEL_NAMES.includes(level));
}
