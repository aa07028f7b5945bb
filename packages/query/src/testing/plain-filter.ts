import { type Entry, LEVELS, type Level } from '@tailrace/schema';

/** Query parameters as they stand in a URL. */
export type PlainQuery = Readonly<Record<string, string | readonly string[]>>;

/**
 * What the docs say of each parameter, written as plainly as it goes and sharing nothing with search: what search is
 * compared with.
 */
export function plainFilter(query: PlainQuery): (entry: Entry) => boolean {
  return (entry) =>
    Object.entries(query).every(([name, value]) => {
      const isNegated = name.endsWith('!');
      const field = isNegated ? name.slice(0, -1) : name;
      const holds = field.startsWith('data.') ? onData(field.slice('data.'.length)) : HOLDS[field];
      if (holds === undefined) throw new Error(`there is no filter ${name}`);
      const fits = [value].flat().some((text) => holds(text, entry));
      return isNegated ? !fits : fits;
    });
}

const HOLDS: Readonly<Record<string, (text: string, entry: Entry) => boolean>> = {
  ip: (text, e) =>
    text.split(',').some((range) => e.client_ip !== undefined && isInRange(e.client_ip, range)),
  fqdn: (text, e) => e.client_hostname === text.toLowerCase(),
  host: (text, e) => e.proxy_hostname === text.toLowerCase(),
  hostname: (text, e) => [e.client_hostname, e.proxy_hostname].includes(text.toLowerCase()),
  user: (text, e) => e.user_id === text,
  session: (text, e) => e.session_id === text,
  client: (text, e) => e.client_id === text,
  trace: (text, e) => e.trace_id === text,
  component: (text, e) => e.component === text,
  event: (text, e) => e.event !== undefined && glob(text).test(e.event),
  level: (text, e) => text.toUpperCase().split(',').includes(e.level),
  min_level: (text, e) => LEVELS[e.level] >= LEVELS[text as Level],
  method: (text, e) =>
    e.method !== undefined && text.toUpperCase().split(',').includes(e.method.toUpperCase()),
  status: (text, e) => text.split(',').some((part) => e.kind === 'request' && isStatus(e.status_code, part)),
  path: (text, e) => e.path !== undefined && glob(text).test(e.path.replace(/[?#].*$/s, '')),
  min_ms: (text, e) => e.response_time_ms !== undefined && e.response_time_ms >= Number(text),
  max_ms: (text, e) => e.response_time_ms !== undefined && e.response_time_ms <= Number(text),
  object: (text, e) => (e.objects ?? []).includes(text),
  outcome: (text, e) => e.outcome === text,
  q: (text, e) => {
    const texts = [e.message, e.path, e.event, e.user_agent, ...leaves(e.error), ...leaves(e.data)];
    const terms = text.match(/-?"[^"]*"|\S+/g) ?? [];
    return terms.every((term) => {
      const isNegated = term.startsWith('-');
      const wanted = caseless(term.replace(/^-/, '').replaceAll('"', ''));
      return texts.some((one) => one !== undefined && caseless(one).includes(wanted)) !== isNegated;
    });
  },
};

/** Every value below `data` under its path; what is in a list stands under the path of the list, as the list does. */
function* valuesOf(value: unknown, path: string): Generator<readonly [path: string, value: unknown]> {
  yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield* valuesOf(member, Array.isArray(value) ? path : path === '' ? name : `${path}.${name}`);
  }
}

function onData(path: string): (text: string, entry: Entry) => boolean {
  return (text, { data = {} }) =>
    [...valuesOf(data, '')].some(([at, value]) => at === path && isFit(value, text));
}

function isFit(value: unknown, text: string): boolean {
  if (text === '*') return true;
  if (typeof value === 'object' && value !== null) return false;
  const number = typeof value === 'boolean' || value === null || value === '' ? Number.NaN : Number(value);
  if (text.startsWith('>=')) return number >= Number(text.slice(2));
  if (text.startsWith('>')) return number > Number(text.slice(1));
  if (text.startsWith('<=')) return number <= Number(text.slice(2));
  if (text.startsWith('<')) return number < Number(text.slice(1));
  return glob(text).test(`${value}`) || (typeof value === 'number' && value === Number(text));
}

function isStatus(status: number | undefined, text: string): boolean {
  if (status === undefined) return false;
  if (text.endsWith('xx')) return Math.floor(status / 100) === Number(text[0]);
  const [from, to = from] = text.split('-').map(Number) as [number, number?];
  return status >= from && status <= to;
}

function glob(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}

function caseless(text: string): string {
  return text.toUpperCase();
}

function leaves(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leaves);
  return Object.entries(value).flatMap(([name, member]) => [name, ...leaves(member)]);
}

function isInRange(ip: string, range: string): boolean {
  const [address = '', length = '128'] = range.split('/');
  const isSameKind = ip.includes(':') === address.includes(':');
  return isSameKind && bits(ip).slice(0, Number(length)) === bits(address).slice(0, Number(length));
}

/** The bits of an address as text; an IPv6 one has `::` once. */
function bits(ip: string): string {
  if (!ip.includes(':'))
    return ip
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  const [start = [], end = []] = ip.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - start.length - end.length }, () => '0');
  return [...start, ...zeros, ...end]
    .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0'))
    .join('');
}
