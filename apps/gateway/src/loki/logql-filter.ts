import { type DataFilterName, dataPathOf, type Filter, parseLevel, type StatusRange } from '@tailrace/schema';
import type { LabelCondition, LineCondition, LogSelection } from './logql.js';
import { LogqlError } from './logql-tokens.js';
import { readPlainPattern } from './plain-pattern.js';

/** Labels that are a field of every entry, and the filter for each; any other is a field of `data`. */
export const FIELD_LABELS: Readonly<Record<string, string>> = {
  service_name: 'component',
  service: 'component',
  component: 'component',
  level: 'level',
  detected_level: 'level',
  kind: 'kind',
  method: 'method',
  status: 'status',
  status_code: 'status',
  host: 'host',
  proxy_hostname: 'host',
  event: 'event',
  outcome: 'outcome',
  path: 'path',
  client_ip: 'ip',
  user_id: 'user',
  session_id: 'session',
  client_id: 'client',
  trace_id: 'trace',
  response_time_ms: 'response_time_ms',
};

/** Filters that take one value. */
const SINGLE = new Set(['kind', 'outcome']);

/**
 * The filter a selection stands for. All it says is answered; what no filter can say is refused.
 *
 * @throws LogqlError naming what is not supported.
 */
export function filterOf({ labels, lines }: LogSelection): Filter {
  const filter: Record<string, unknown> = {};
  for (const condition of labels) addLabel(filter, condition);
  const terms = lines.map(termOf).filter((term) => term !== '');
  if (terms.length > 0) filter.q = terms.join(' ');
  return filter as Filter;
}

function addLabel(filter: Record<string, unknown>, condition: LabelCondition): void {
  const { label, operator, value, isOfStream } = condition;
  if (label.startsWith('__')) {
    checkInner(condition);
    return;
  }
  const field = Object.hasOwn(FIELD_LABELS, label) ? FIELD_LABELS[label] : undefined;
  const name = field ?? (isOfStream ? `data.labels.${label}` : `data.${label}`);
  if (['>', '>=', '<', '<='].includes(operator)) {
    addNumber(filter, name, condition);
    return;
  }
  if (field === undefined && dataPathOf(name as DataFilterName) === undefined) {
    throw new LogqlError(`${label.slice(0, 80)} is no label; allowed: a name of letters and digits`);
  }
  const isNegated = operator === '!=' || operator === '!~';
  const values = operator === '=~' || operator === '!~' ? alternatives(condition, field) : [value];
  if (values === undefined) {
    if (isNegated) throw new LogqlError(`${label}${operator}${JSON.stringify(value)} would take nothing`);
    if (field === undefined && value === '.+') put(filter, name, ['*']);
    return;
  }
  // An empty text is a label that is not there.
  if (values.length === 1 && values[0] === '') {
    if (field !== undefined) throw new LogqlError(`${label} compared with an empty text is not supported`);
    put(filter, isNegated ? name : `${name}!`, ['*']);
    return;
  }
  put(
    filter,
    isNegated ? `${name}!` : name,
    values.map((one) => filterValue(label, field, one)),
  );
}

/** `__error__=""` is what Grafana adds to leave out lines that a parser does not understand: there are none here. */
function checkInner({ label, operator, value }: LabelCondition): void {
  if ((operator === '=' || operator === '==') && value === '') return;
  throw new LogqlError(`${label}${operator}${JSON.stringify(value)} is not supported; allowed: ${label}=""`);
}

function put(filter: Record<string, unknown>, name: string, values: readonly unknown[]): void {
  const known = filter[name];
  if (name.endsWith('!')) {
    filter[name] = [...(Array.isArray(known) ? known : []), ...values];
    return;
  }
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(values)) {
    throw new LogqlError(
      `two conditions on ${name} are not supported; allowed: one, or several with != or !~`,
    );
  }
  if (SINGLE.has(name) && values.length > 1)
    throw new LogqlError(`several values of ${name} are not supported; allowed: one`);
  filter[name] = SINGLE.has(name) ? values[0] : values;
}

const NEGATED_RANGES = {
  '>=': (n: number) => ({ from: n, to: 599 }),
  '>': (n: number) => ({ from: n + 1, to: 599 }),
  '<=': (n: number) => ({ from: 100, to: n }),
  '<': (n: number) => ({ from: 100, to: n - 1 }),
};

function addNumber(
  filter: Record<string, unknown>,
  name: string,
  { label, operator, value }: LabelCondition,
): void {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number))
    throw new LogqlError(`${label}${operator}${value} is not supported; allowed: a number`);
  if (name === 'status') {
    const known = (filter.status as readonly StatusRange[] | undefined)?.[0] ?? { from: 100, to: 599 };
    const range = NEGATED_RANGES[operator as keyof typeof NEGATED_RANGES](number);
    filter.status = [{ from: Math.max(known.from, range.from), to: Math.min(known.to, range.to) }];
  } else if (name === 'response_time_ms' && operator === '>=') filter.min_ms = number;
  else if (name === 'response_time_ms' && operator === '<=') filter.max_ms = number;
  else if (name.startsWith('data.')) put(filter, name, [`${operator}${number}`]);
  else
    throw new LogqlError(
      `${label}${operator} is not supported; allowed: = and !=${name === 'response_time_ms' ? ', >= and <=' : ''}`,
    );
}

function filterValue(label: string, field: string | undefined, value: string): unknown {
  if (field === 'level') {
    const level = parseLevel(value);
    if (level !== undefined) return level;
    throw new LogqlError(
      `${label} is ${JSON.stringify(value)}; allowed: trace, debug, info, warning, error, critical, audit`,
    );
  }
  if (field === 'status') {
    const status = Number(value);
    if (Number.isInteger(status) && status >= 100 && status <= 599) return { from: status, to: status };
    throw new LogqlError(`${label} is ${JSON.stringify(value)}; allowed: a status from 100 to 599`);
  }
  if (field === 'method') return value.toUpperCase();
  if (field === 'host') return value.toLowerCase();
  if (field === 'response_time_ms')
    throw new LogqlError(`${label} compared with a text is not supported; allowed: >= and <=`);
  return value;
}

/** @returns the texts an expression stands for; `undefined`: any */
function alternatives(
  { label, operator, value }: LabelCondition,
  field: string | undefined,
): readonly string[] | undefined {
  if (ANYTHING.has(value)) return undefined;
  const pattern = readPlainPattern(value);
  const isWildcardKnown = field === undefined || field === 'path';
  if (pattern !== undefined && (isWildcardKnown || !pattern.hasWildcard)) return pattern.texts;
  throw new LogqlError(
    `${label}${operator}${JSON.stringify(value)} is not supported; allowed: texts with | between, .* and .+`,
  );
}

const ANYTHING = new Set(['.*', '.+']);

/** A word or phrase of a text query. It is found in any case, and in every text of an entry. */
function termOf({ operator, value }: LineCondition): string {
  const isPattern = operator === '|~' || operator === '!~';
  const text = isPattern ? plainPattern(value) : value;
  const isNegated = operator === '!=' || operator === '!~';
  if (text.trim() === '') {
    if (isNegated) throw new LogqlError(`${operator} "" would take nothing`);
    return '';
  }
  return `${isNegated ? '-' : ''}"${text.replaceAll('"', '\\"')}"`;
}

function plainPattern(value: string): string {
  if (ANYTHING.has(value)) return '';
  const pattern = readPlainPattern(value.replace(/^\(\?i\)/, ''));
  const [text = '', ...others] = pattern?.texts ?? [];
  if (pattern !== undefined && !pattern.hasWildcard && others.length === 0) return text;
  throw new LogqlError(
    `|~ ${JSON.stringify(value)} is not supported; allowed: a text, with (?i) before it or not`,
  );
}
