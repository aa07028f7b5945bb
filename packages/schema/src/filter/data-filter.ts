/** Name of a filter on a field of `data`: `data.order.id`, and `data.order.id!` for its contrary. */
export type DataFilterName = `data.${string}`;

/** Bounds of what one query may ask of `data`. */
export const DATA_FILTER_LIMITS = {
  /** Filters on `data` a query may have. */
  filters: 20,
  /** Names in a path. */
  names: 20,
  /** Code units of a path. */
  pathLength: 256,
} as const;

const PREFIX = 'data.';

/** Whether a parameter is a filter on `data`, be its path valid or not. */
export function isDataFilter(name: string): name is DataFilterName {
  return name.startsWith(PREFIX);
}

/** @returns the names on the way to the field, outermost first; `undefined` for an empty name or a path past its bounds. */
export function dataPathOf(name: DataFilterName): readonly string[] | undefined {
  const path = name.slice(PREFIX.length).replace(/!$/, '');
  if (path.length > DATA_FILTER_LIMITS.pathLength) return undefined;
  const names = path.split('.');
  return names.length <= DATA_FILTER_LIMITS.names && !names.includes('') ? names : undefined;
}

/** A number a field of `data` is compared with. */
export interface NumberComparison {
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly number: number;
}

/**
 * Reads `>100`, `>=0.5`, `<-1` or `<=1e3`.
 *
 * @returns `undefined` for a value without an operator; `'invalid'` for an operator without a number.
 */
export function parseComparison(value: string): NumberComparison | 'invalid' | undefined {
  const [, operator, text = ''] = /^([<>]=?)(.*)$/s.exec(value) ?? [];
  if (operator === undefined) return undefined;
  const number = parseNumber(text);
  return number === undefined ? 'invalid' : { operator: operator as NumberComparison['operator'], number };
}

/** Reads a decimal number, such as `-12.50` or `1e3`; `undefined` for any other text. */
export function parseNumber(text: string): number | undefined {
  if (text.length > MAX_NUMBER_LENGTH || !DECIMAL.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Code units; longer than any number that is written down. */
const MAX_NUMBER_LENGTH = 64;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
