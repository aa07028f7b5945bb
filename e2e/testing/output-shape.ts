/** What stands in a page for something left out. */
const LEFT_OUT = /\.\.\.|…/g;

/**
 * The first difference in shape between an output that a page shows and the one a command had; `undefined` where there is none.
 * JSON is compared by its fields and their types, any other text by its lines: numbers, times, ids and bars are alike,
 * and each line of the page must be in the output, in the page's order.
 */
export function differenceInShape(documented: string, actual: string): string | undefined {
  if (/^[{[]/.test(documented.trim())) return differenceInJson(documented, actual);
  const lines = actual.split('\n').map(shapeOfLine);
  let from = 0;
  for (const line of documented.split('\n').filter((text) => !/^(\s*|\.\.\.|\^C)$/.test(text))) {
    const pattern = patternOf(line);
    const at = lines.findIndex((text, i) => i >= from && pattern.test(text));
    if (at < 0) return `no line like:\n${line}\nin:\n${actual}`;
    from = at + 1;
  }
  return undefined;
}

function shapeOfLine(line: string): string {
  return line
    .replace(/\b(req|log):\d+:([^\s"]+):[\w-]{8}/g, '$1:0:$2:ID')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/\b(tailrace_|sha256:)[\w-]{43}/g, '$1SECRET')
    .replace(/[\u2580-\u259f]+( +[\u2580-\u259f]+)*/g, '#')
    .replace(/\d[\d.,]*/g, '0')
    .replace(/\b0(ms|s|m)\b/g, 'TIME')
    .replace(/\s+/g, ' ')
    .trim();
}

function patternOf(line: string): RegExp {
  const parts = shapeOfLine(line)
    .replace(/, (\.\.\.|…)/g, ',$1')
    .split(LEFT_OUT)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

const REST = '…';

/** The documents of a text: one, or one a line. Where the page leaves fields out, an object has a field `…`. */
function jsonOf(text: string): unknown[] {
  const whole = text
    .replace(/\{(\.\.\.|…)\}/g, `{"${REST}":0}`)
    .replace(/\{(\.\.\.|…),/g, `{"${REST}":0,`)
    .replace(/,\s*(\.\.\.|…)\s*\}/g, `,"${REST}":0}`)
    .replace(/,\s*(\.\.\.|…)\s*\]/g, ']');
  try {
    return [JSON.parse(whole)];
  } catch {
    return whole
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }
}

function differenceInJson(documented: string, actual: string): string | undefined {
  const shown = jsonOf(documented);
  const found = jsonOf(actual);
  for (const each of shown) {
    const differences = found.map((one) => differenceOfValues(each, one, ''));
    if (!differences.includes(undefined)) return `${differences.join('\n')}\nin:\n${actual}`;
  }
  return undefined;
}

function differenceOfValues(shown: unknown, found: unknown, path: string): string | undefined {
  if (Array.isArray(shown) && Array.isArray(found)) return differenceOfLists(shown, found, path);
  if (isObject(shown) && isObject(found)) return differenceOfObjects(shown, found, path);
  if (shown === null || found === null || typeof shown === typeof found) return undefined;
  return `${path} is ${JSON.stringify(found)} and not like ${JSON.stringify(shown)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function differenceOfLists(shown: unknown[], found: unknown[], path: string): string | undefined {
  for (const element of shown) {
    const differences = found.map((one) => differenceOfValues(element, one, `${path}[]`));
    if (!differences.includes(undefined)) return differences[0] ?? `${path} is empty`;
  }
  return undefined;
}

/** Fields whose names are values: any names are like any others. */
const COUNTS = /\.(by_status|by_level|by|counts|dropped)$/;

function differenceOfObjects(
  { [REST]: rest, ...shown }: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  if (COUNTS.test(path)) return undefined;
  for (const [name, value] of Object.entries(shown)) {
    if (!(name in found)) return `${path}.${name} is missing`;
    const difference = differenceOfValues(value, found[name], `${path}.${name}`);
    if (difference !== undefined) return difference;
  }
  if (rest !== undefined) return undefined;
  const unsaid = Object.keys(found).filter((name) => !(name in shown));
  return unsaid.length > 0 ? `the page does not show ${path}.${unsaid.join(', ')}` : undefined;
}
