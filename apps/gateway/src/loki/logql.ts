import { LogqlError, LogqlTokens } from './logql-tokens.js';

/** How a label is compared with a text. */
export type LabelOperator = '=' | '!=' | '=~' | '!~';
/** How a label is compared with a number. */
export type NumberOperator = '>' | '>=' | '<' | '<=';

/** A condition on a label; of a stream's selector, or of the pipeline behind it. */
export interface LabelCondition {
  readonly label: string;
  readonly operator: LabelOperator | NumberOperator | '==';
  readonly value: string;
  readonly isOfStream: boolean;
}

/** A condition on the line. */
export interface LineCondition {
  readonly operator: '|=' | '!=' | '|~' | '!~';
  readonly value: string;
}

/** A query for log lines. */
export interface LogSelection {
  readonly labels: readonly LabelCondition[];
  readonly lines: readonly LineCondition[];
}

/** What is counted of log lines. */
export interface LogCount {
  readonly selection: LogSelection;
  readonly per: 'range' | 'second';
  readonly rangeMs: number;
  /** Labels the counts are told apart by; `undefined`: by all labels of a stream. */
  readonly by: readonly string[] | undefined;
  /** Only as many of the largest. */
  readonly top: number | undefined;
}

/** A query, read. */
export type Logql =
  | { readonly kind: 'lines'; readonly selection: LogSelection }
  | ({ readonly kind: 'count' } & LogCount);

const COUNTS = { count_over_time: 'range', rate: 'second' } as const;
/** Stages that change nothing here: what they would take from a line is a field of the entry already. */
const IDLE_STAGES = new Set(['json', 'logfmt', 'drop', 'keep']);

/**
 * Reads LogQL, as far as Grafana's data source and Logs Drilldown send it and filters can answer it.
 *
 * @see https://grafana.com/docs/loki/latest/query/
 * @throws LogqlError naming what is not supported, or not LogQL.
 */
export function parseLogql(text: string): Logql {
  const tokens = new LogqlTokens(text);
  const query: Logql =
    tokens.peek() === '{'
      ? { kind: 'lines', selection: readSelection(tokens) }
      : { kind: 'count', ...readCount(tokens) };
  if (tokens.peek() !== '') throw tokens.unexpected('nothing more');
  return query;
}

/** Reads the selector of a stream alone, as `match[]` has it. @throws LogqlError */
export function parseSelector(text: string): LogSelection {
  const query = parseLogql(text);
  if (query.kind === 'lines') return query.selection;
  throw new LogqlError('a count is no selector; allowed: such as {service_name="web"}');
}

function readCount(tokens: LogqlTokens): LogCount {
  const name = tokens.next();
  if (name === 'topk') {
    tokens.expect('(');
    const top = Number(tokens.next());
    if (!(top >= 1)) throw new LogqlError('topk needs a number from 1');
    tokens.expect(',');
    const count = readCount(tokens);
    tokens.expect(')');
    return { ...count, top };
  }
  if (name === 'sum') {
    const before = readBy(tokens);
    tokens.expect('(');
    const count = readCount(tokens);
    tokens.expect(')');
    return { ...count, by: before ?? readBy(tokens) ?? [] };
  }
  if (!Object.hasOwn(COUNTS, name)) {
    throw new LogqlError(
      `${name || 'nothing'} is not supported; allowed: a selector, sum, topk, ${Object.keys(COUNTS).join(', ')}`,
    );
  }
  tokens.expect('(');
  const selection = readSelection(tokens);
  tokens.expect('[');
  const rangeMs = durationMs(tokens.next());
  tokens.expect(']');
  if (tokens.peek() === 'offset')
    throw new LogqlError('offset is not supported; allowed: a range without it');
  tokens.expect(')');
  return { selection, per: COUNTS[name as keyof typeof COUNTS], rangeMs, by: undefined, top: undefined };
}

function readBy(tokens: LogqlTokens): readonly string[] | undefined {
  if (tokens.peek() === 'without') throw new LogqlError('without is not supported; allowed: by');
  if (tokens.peek() !== 'by') return undefined;
  tokens.next();
  tokens.expect('(');
  const labels: string[] = [];
  while (tokens.peek() !== ')') {
    labels.push(tokens.name());
    if (tokens.peek() === ',') tokens.next();
  }
  tokens.next();
  return labels;
}

function readSelection(tokens: LogqlTokens): LogSelection {
  const labels: LabelCondition[] = [];
  const lines: LineCondition[] = [];
  tokens.expect('{');
  while (tokens.peek() !== '}') {
    const label = tokens.name();
    const operator = tokens.oneOf(['=', '!=', '=~', '!~'] as const);
    labels.push({ label, operator, value: tokens.text(), isOfStream: true });
    if (tokens.peek() === ',') tokens.next();
    else if (tokens.peek() !== '}') throw tokens.unexpected(', or }');
  }
  tokens.next();
  for (;;) {
    const token = tokens.peek();
    if (token === '|=' || token === '|~' || token === '!=' || token === '!~') {
      tokens.next();
      lines.push({ operator: token, value: tokens.text() });
      if (tokens.peek() === 'or')
        throw new LogqlError('or between texts of a line is not supported; allowed: one text');
    } else if (token === '|') {
      tokens.next();
      readStage(tokens, labels);
    } else return { labels, lines };
  }
}

function readStage(tokens: LogqlTokens, labels: LabelCondition[]): void {
  const name = tokens.name();
  const following = tokens.peek();
  const isCondition = ['=', '!=', '=~', '!~', '==', '>', '>=', '<', '<='].includes(following) && name !== '';
  if (!isCondition) {
    if (IDLE_STAGES.has(name)) {
      skipArguments(tokens);
      return;
    }
    throw new LogqlError(
      `the stage ${name} is not supported; allowed: json, logfmt, drop, keep and conditions on labels`,
    );
  }
  for (let label = name; ; label = tokens.name()) {
    const operator = tokens.oneOf(['=', '!=', '=~', '!~', '==', '>', '>=', '<', '<='] as const);
    const values = [tokens.value()];
    while (tokens.peek() === 'or') {
      tokens.next();
      const isSame = operator === '=' && tokens.name() === label && tokens.next() === '=';
      if (!isSame)
        throw new LogqlError(
          'or between different conditions is not supported; allowed: of one label, with =',
        );
      values.push(tokens.value());
    }
    const [value = ''] = values;
    if (values.length === 1) labels.push({ label, operator, value, isOfStream: false });
    else labels.push({ label, operator: '=~', value: values.map(escaped).join('|'), isOfStream: false });
    if (tokens.peek() !== 'and' && tokens.peek() !== ',') return;
    tokens.next();
  }
}

function escaped(text: string): string {
  return text.replace(/[\\.*+?^${}()|[\]]/g, '\\$&');
}

/** `json order_id="order.id", ...` and `drop __error__, ...`: which labels there are changes nothing. */
function skipArguments(tokens: LogqlTokens): void {
  while (/^[a-zA-Z_"`,=]/.test(tokens.peek())) tokens.next();
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** @throws LogqlError when it is none, or less than a millisecond. */
export function durationMs(text: string): number {
  let sum = 0;
  const parts = text.replace(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g, (_, number: string, unit: string) => {
    sum += Number(number) * (UNITS[unit] as number);
    return '';
  });
  if (parts === '' && sum >= 1) return Math.round(sum);
  throw new LogqlError(`the range is ${JSON.stringify(text.slice(0, 40))}; allowed: such as 30s, 5m, 1h30m`);
}
