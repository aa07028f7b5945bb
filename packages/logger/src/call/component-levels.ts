import { LEVEL_NAMES, LEVELS, type Level, type LevelName, parseLevel, TEXT_LIMITS } from '@tailrace/schema';
import { kindOf, shown } from '@tailrace/writer';

/** Which levels are logged: `level` of all components, and levels of some, by component or dotted prefix. */
export interface LoggerLevels {
  readonly level: Level;
  /** For example `{ db: 'DEBUG', 'db.pool': 'ERROR' }`; the longest prefix that fits counts. */
  readonly levels: Readonly<Record<string, Level>>;
}

/** The prefix of every component, under which the level of all of them stands. */
const ALL = '';
/** Components whose level is remembered; with more, the memory starts anew. */
const MAX_KNOWN = 1_024;

/** The lowest level that is logged, by component, changeable at any time. AUDIT always passes. */
export class ComponentLevels {
  readonly #configured: ReadonlyMap<string, Level>;
  #local: Map<string, Level>;
  #remote: ReadonlyMap<string, Level> = new Map();
  #effective: ReadonlyMap<string, Level> = new Map();
  readonly #known = new Map<string, number>();
  #lowest = 0;
  #highest = 0;

  /** @param table settled by {@link settleLevels} */
  constructor(table: LoggerLevels) {
    this.#configured = levelMap(table);
    this.#local = new Map(this.#configured);
    this.#refresh();
  }

  /** The number of the lowest level any component logs: what is below needs no look at its component. */
  get lowest(): number {
    return this.#lowest;
  }

  /** The number of the highest level set for any component: what is not below passes for all of them. */
  get highest(): number {
    return this.#highest;
  }

  passes(level: Level, component: string): boolean {
    return LEVELS[level] >= this.#thresholdOf(component);
  }

  /**
   * Sets the level of a component and those below it, or of all that have none of their own. `undefined` goes back to
   * what was configured.
   *
   * @throws RangeError when level or component is none.
   */
  set(level: LevelName | undefined, component?: string): void {
    if (component !== undefined) checkComponent('component', component);
    const prefix = component ?? ALL;
    const next = level === undefined ? this.#configured.get(prefix) : settleLevel('level', level);
    if (next === undefined) this.#local.delete(prefix);
    else this.#local.set(prefix, next);
    this.#refresh();
  }

  /**
   * Lays a table from elsewhere over the own one, in place of the one before; each of its lines hides the own line for
   * the same component. An empty table takes it away.
   *
   * @throws RangeError when something in it is wrong; then the one before stays.
   */
  setRemote(table: Partial<LoggerLevels>): void {
    this.#remote = levelMap(settleLevels(table));
    this.#refresh();
  }

  /** What is in force now. */
  table(): LoggerLevels {
    const { [ALL]: level = 'INFO', ...levels } = Object.fromEntries(this.#effective);
    return { level, levels };
  }

  #refresh(): void {
    this.#effective = new Map([...this.#local, ...this.#remote]);
    const numbers = [...this.#effective.values()].map((level) => LEVELS[level]);
    this.#lowest = Math.min(...numbers);
    this.#highest = Math.max(...numbers);
    this.#known.clear();
  }

  #thresholdOf(component: string): number {
    const known = this.#known.get(component);
    if (known !== undefined) return known;
    if (component.length > TEXT_LIMITS.component) {
      return this.#lookUp(component.slice(0, TEXT_LIMITS.component));
    }
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const threshold = this.#lookUp(component);
    this.#known.set(component, threshold);
    return threshold;
  }

  #lookUp(component: string): number {
    for (let end = component.length; end > 0; end = component.lastIndexOf('.', end - 1)) {
      const level = this.#effective.get(component.slice(0, end));
      if (level !== undefined) return LEVELS[level];
    }
    return LEVELS[this.#effective.get(ALL) ?? 'INFO'];
  }
}

/** Levels as options and calls take them: by names in any case. */
export interface LevelTableInput {
  readonly level?: LevelName | undefined;
  readonly levels?: Readonly<Record<string, LevelName>> | undefined;
}

/**
 * Levels by the names they have in entries.
 *
 * @throws RangeError naming what is wrong, its value and what is allowed.
 */
export function settleLevels({ level, levels }: LevelTableInput): Partial<LoggerLevels> {
  if (levels !== undefined && (typeof levels !== 'object' || levels === null || Array.isArray(levels))) {
    throw new RangeError(`levels is ${kindOf(levels)}; allowed: an object of levels by component`);
  }
  const settled = Object.entries(levels ?? {}).map(([component, componentLevel]) => {
    checkComponent('levels', component);
    return [component, settleLevel(`levels.${component}`, componentLevel)] as const;
  });
  return {
    ...(level !== undefined && { level: settleLevel('level', level) }),
    ...(levels !== undefined && { levels: Object.fromEntries(settled) }),
  };
}

/** @throws RangeError when it is the name of no level. */
export function settleLevel(name: string, level: unknown, allowed: readonly Level[] = LEVEL_NAMES): Level {
  const settled = typeof level === 'string' ? parseLevel(level) : undefined;
  if (settled !== undefined && allowed.includes(settled)) return settled;
  throw new RangeError(`${name} is ${shown(level)}; allowed: ${allowed.join(', ')}`);
}

/** What could never be the component of an entry, or a prefix up to one of its dots, is a mistake. */
function checkComponent(name: string, component: unknown): void {
  const limit = TEXT_LIMITS.component;
  if (typeof component === 'string' && component.length <= limit && /^[^*]*[^*.]$/.test(component)) return;
  throw new RangeError(
    `${name} names the component "${shown(component)}"; allowed: up to ${limit} characters without *, and no dot at the end`,
  );
}

function levelMap({ level, levels }: Partial<LoggerLevels>): Map<string, Level> {
  const map = new Map<string, Level>(Object.entries(levels ?? {}));
  if (level !== undefined) map.set(ALL, level);
  return map;
}
