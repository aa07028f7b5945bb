import { LEVEL_NAMES, LEVELS, type Level, type LevelName, parseLevel, TEXT_LIMITS } from '@tailrace/schema';
import { kindOf, type LogRecord, shown } from '@tailrace/writer';
import { componentOf, idOf, textOf } from './record-facts.js';

/** Which share of the entries that fit is logged. What a rule does not name fits everything. */
export interface SamplingRule {
  /** An event, or the start of some: `cache.*`. */
  readonly event?: string;
  /** A path without its query, or the start of some: `/assets/*`. */
  readonly path?: string;
  /** A component, or the start of some: `db.*`. */
  readonly component?: string;
  /** Exactly this level, one below ERROR. */
  readonly level?: LevelName;
  /** From 0, nothing, to 1, everything. */
  readonly rate: number;
}

/**
 * Leaves a share of the entries out, by the first rule that fits. All entries of one trace, or without a trace of one
 * session, fare alike under one rate, in every process; without either, chance decides. ERROR and above and AUDIT are
 * never left out.
 */
export class Sampling {
  readonly #rules: readonly CompiledRule[];
  readonly #random: () => number;

  /**
   * @param rules checked by {@link checkSampling}
   * @param random gives a number from 0 up to 1
   */
  constructor(rules: readonly SamplingRule[], random: () => number) {
    this.#rules = rules.map(compile);
    this.#random = random;
  }

  keeps(record: LogRecord, level: Level): boolean {
    if (LEVELS[level] >= LEVELS.ERROR) return true;
    const rule = this.#rules.find(({ fits }) => fits(record, level));
    if (rule === undefined || rule.rate === 1) return true;
    if (rule.rate === 0) return false;
    const id = idOf(record, 'trace_id') ?? idOf(record, 'session_id');
    return (id === undefined ? this.#random() : shareOfId(id)) < rule.rate;
  }
}

/**
 * Where an id lies between 0 and 1: entries are kept whose share is below the rate. It is the 32-bit FNV-1a hash of the
 * id's UTF-16 code units (the first 256, as many as are stored), through the finalizer of MurmurHash3, over 2^32.
 */
export function shareOfId(id: string): number {
  const length = Math.min(id.length, TEXT_LIMITS.trace_id);
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  // FNV alone leaves ids that differ at their end, such as counters, close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

interface CompiledRule {
  readonly fits: (record: LogRecord, level: Level) => boolean;
  readonly rate: number;
}

function compile({ event, path, component, level: name, rate }: SamplingRule): CompiledRule {
  const level = name === undefined ? undefined : parseLevel(name);
  const fitsEvent = matcher(event);
  const fitsPath = matcher(path);
  const fitsComponent = matcher(component);
  return {
    rate,
    fits: (record, recordLevel) =>
      (level === undefined || level === recordLevel) &&
      (fitsEvent === undefined || fitsEvent(textOf(record, 'event'))) &&
      (fitsPath === undefined || fitsPath(textOf(record, 'path')?.split('?', 1)[0])) &&
      (fitsComponent === undefined || fitsComponent(componentOf(record))),
  };
}

function matcher(pattern: string | undefined): ((text: string | undefined) => boolean) | undefined {
  if (pattern === undefined) return undefined;
  if (!pattern.endsWith('*')) return (text) => text === pattern;
  const start = pattern.slice(0, -1);
  return (text) => text?.startsWith(start) === true;
}

const SAMPLED_LEVELS = LEVEL_NAMES.filter((level) => LEVELS[level] < LEVELS.ERROR);
const CHECKS: Readonly<Record<keyof SamplingRule, readonly [(value: unknown) => boolean, string]>> = {
  event: [isPattern, 'a text, with a * at its end or none'],
  path: [isPattern, 'a text, with a * at its end or none'],
  component: [isPattern, 'a text, with a * at its end or none'],
  level: [isSampledLevel, SAMPLED_LEVELS.join(', ')],
  rate: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1'],
};

function isSampledLevel(value: unknown): boolean {
  const level = typeof value === 'string' ? parseLevel(value) : undefined;
  return level !== undefined && SAMPLED_LEVELS.includes(level);
}

function isPattern(value: unknown): boolean {
  return typeof value === 'string' && /^[^*]+\*?$|^\*$/.test(value);
}

/** @throws RangeError naming the rule, the value and what is allowed. */
export function checkSampling(rules: readonly SamplingRule[]): void {
  if (!Array.isArray(rules)) throw new RangeError(`sampling is ${kindOf(rules)}; allowed: a list of rules`);
  for (const [i, rule] of rules.entries()) {
    if (typeof rule !== 'object' || rule === null) {
      throw new RangeError(
        `sampling[${i}] is ${kindOf(rule)}; allowed: { ${Object.keys(CHECKS).join(', ')} }`,
      );
    }
    const unknown = Object.keys(rule).find((name) => !Object.hasOwn(CHECKS, name));
    if (unknown !== undefined) {
      const names = Object.keys(CHECKS).join(', ');
      throw new RangeError(`sampling[${i}].${unknown} is no part of a rule; allowed: ${names}`);
    }
    for (const [name, [isAllowed, allowed]] of Object.entries(CHECKS)) {
      const value = rule[name as keyof SamplingRule];
      if ((value === undefined && name !== 'rate') || isAllowed(value)) continue;
      throw new RangeError(`sampling[${i}].${name} is ${shown(value)}; allowed: ${allowed}`);
    }
  }
}
