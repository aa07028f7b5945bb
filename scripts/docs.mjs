/**
 * Writes what the docs repeat from the code: each block between `<!-- generated: NAME -->` and
 * `<!-- end of NAME -->` is made here, from the built packages or from the comments of their sources.
 *
 * `node scripts/docs.mjs` writes them; with `--check` it changes nothing and exits 1 when one is not as the code says.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RECIPES, shownParameter } from '../apps/cli/dist/recipes/recipe-table.js';
import {
  ENDPOINT_LIST,
  ENDPOINTS,
  ERROR_CODES,
  entrySchema,
  logQuerySchema,
} from '../packages/api/dist/index.js';
import { FORMATS, WRAPPERS } from '../packages/intake/dist/index.js';
import { Logger } from '../packages/logger/dist/internal.js';
import {
  DEFAULT_RETENTION_DAYS,
  ENTRY_LIMITS,
  INDEXES,
  LEVELS,
  RETENTION_CLASSES,
  STORAGE_TABLE,
  TEXT_LIMITS,
} from '../packages/schema/dist/index.js';
import * as NAMES from '../packages/writer/dist/redaction/names/name-table.js';
import { STRUCTURES } from '../packages/writer/dist/redaction/shapes/structured-shapes.js';
import { TOKEN_KINDS } from '../packages/writer/dist/redaction/shapes/token-table.js';

const ROOT = new URL('../', import.meta.url);
const BLOCK = /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- end of \2 -->)/g;

/** What makes each block. */
const BLOCKS = {
  'storage-table': storageTable,
  'index-table': indexTable,
  'entry-fields': entryFields,
  'entry-limits': entryLimits,
  levels,
  retention,
  'logger-options': loggerOptions,
  'gateway-settings': gatewaySettings,
  endpoints,
  'query-parameters': () => parameters('GET /logs'),
  'slow-parameters': () => ownParameters('GET /logs/slow'),
  'top-parameters': () => ownParameters('GET /logs/top'),
  'histogram-parameters': () => ownParameters('GET /logs/histogram'),
  'stream-parameters': () => ownParameters('GET /logs/stream'),
  'export-parameters': () => ownParameters('GET /logs/export'),
  'error-codes': errorCodes,
  'secret-tokens': secretTokens,
  'secret-names': secretNames,
  recipes,
  'log-formats': () => logFormats(FORMATS),
  'log-wrappers': () => logFormats(WRAPPERS),
  'bench-import': () => bench('import'),
  'bench-write': () => bench('write'),
  'bench-call': () => bench('call'),
  'bench-embedded': () => bench('embedded'),
  'bench-query': () => bench('query'),
  'bench-outage': () => bench('outage'),
  'bench-loop': () => bench('loop'),
  'bench-tail': () => bench('tail'),
  'bench-middleware': () => bench('middleware'),
  'bench-start': () => bench('start'),
  'bench-load': () => bench('load'),
  'bench-sizes': () => bench('sizes'),
  'bench-archive': () => bench('archive'),
  'facets-parameters': () => ownParameters('GET /logs/facets'),
  figures,
};

const isCheck = process.argv.includes('--check');

function main() {
  const stale = documents().filter((path) => !refresh(path));
  for (const path of stale) {
    process.stdout.write(`${path} ${isCheck ? 'is stale; run: npx -y pnpm@10 run docs' : 'written'}\n`);
  }
  if (isCheck && stale.length > 0) process.exitCode = 1;
}

function documents() {
  const docs = readdirSync(new URL('docs/', ROOT)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

/** @returns whether the document was up to date. */
function refresh(path) {
  const before = read(path);
  const after = before.replace(BLOCK, (_, start, name, end) => {
    if (BLOCKS[name] === undefined) throw new Error(`${path}: there is no block "${name}"`);
    return `${start}\n${BLOCKS[name]()}\n\n${end}`;
  });
  if (after !== before && !isCheck) writeFileSync(new URL(path, ROOT), after);
  return after === before;
}

function storageTable() {
  const rows = STORAGE_TABLE.map(({ key, type, holds, expires }) => [code(key), type, holds, expires]);
  return table(['key', 'type', 'holds', 'expires'], rows);
}

function indexTable() {
  const rows = INDEXES.map(({ name, answers, keptByClass }) => [
    name,
    answers
      .split(', ')
      .map((part) => (/^[\w/]+$/.test(part) ? code(part) : part))
      .join(', '),
    keptByClass ? 'yes' : '',
  ]);
  return table(['index', 'answers', 'also by class'], rows);
}

function entryFields() {
  const rows = Object.entries(entrySchema.shape).map(([name, schema]) => [
    code(name),
    typeOf(schema),
    TEXT_LIMITS[name] === undefined ? '' : grouped(TEXT_LIMITS[name]),
    descriptionOf(schema),
  ]);
  return table(['field', 'type', 'kept, characters', ''], rows);
}

function entryLimits() {
  const source = read('packages/schema/src/entry/limits.ts');
  const rows = Object.entries(ENTRY_LIMITS).map(([name, limit]) => {
    const comment = new RegExp(`/\\*\\* ([^\\n]*?)\\.? \\*/\\n  ${name}:`).exec(source)?.[1];
    return [code(name), grouped(limit), comment ?? ''];
  });
  return table(['bound', 'value', ''], rows);
}

function levels() {
  return table(
    ['level', 'number'],
    Object.entries(LEVELS).map(([name, number]) => [code(name), number]),
  );
}

const HOLDS = {
  requests: 'everything that is in no other class',
  errors: 'level ERROR and CRITICAL; requests with status >= 400',
  oauth: 'events `oauth.*`',
  audit: 'level AUDIT',
  stats: 'hourly counters',
};

function retention() {
  const rows = RETENTION_CLASSES.map((name) => [
    code(name),
    DEFAULT_RETENTION_DAYS[name],
    known(HOLDS, name, 'HOLDS'),
  ]);
  return table(['class', 'days', 'what is in it'], rows);
}

function loggerOptions() {
  const members = [
    ...membersOf('packages/logger/src/logger-options.ts', 'LoggerOptions'),
    ...membersOf('packages/writer/src/writer-options.ts', 'WriterOptions').filter(
      (member) => member.name !== 'onError' && member.name !== 'redis',
    ),
  ];
  const rows = members.map(({ name, type, text, byDefault, isOptional }) => [
    code(name),
    isOptional ? defaultOf(byDefault) : 'required',
    type === 'number' || type === 'LevelName' ? allowedOf(name) : '',
    text,
  ]);
  return table(['option', 'default', 'allowed', ''], rows);
}

/** A logger with a wrong option refuses it by saying what is allowed, before it does anything else. */
function allowedOf(option) {
  try {
    new Logger({ redis: 'redis://127.0.0.1', [option]: 'none' });
  } catch (error) {
    return /allowed: (?:a whole number from )?(.*)/.exec(error.message)[1];
  }
  throw new Error(`scripts/docs.mjs: a logger takes anything as ${option}`);
}

/** A default that is a value, not words about it, as code. */
function defaultOf(text) {
  if (text === "''") return 'empty';
  return /^\S+$/.test(text) && text !== 'none' ? code(text.replace(/^'(.*)'$/, '$1')) : text;
}

function gatewaySettings() {
  const rows = membersOf('apps/gateway/src/config.ts', 'GatewayConfig').map(({ text, byDefault }) => {
    const [, name, rest] = /^`(\w+)`[:;.]? ?(.*)$/.exec(text) ?? [];
    return [code(name), defaultOf(byDefault), capital(rest ?? '')];
  });
  return table(['variable', 'default', ''], rows);
}

/** Where docs tell more of an endpoint than a heading with its name does. */
const SECTIONS = {
  'GET /logs': '#entries',
  'GET /logs/levels': '#levels',
  'GET /logs/oauth/{ip}': 'oauth.md#reading',
};

function endpoints() {
  const headings = headingsOf('docs/http-api.md');
  const rows = ENDPOINT_LIST.map(({ name, scope, summary }) => {
    const section = SECTIONS[name] ?? (headings.includes(name) ? `#${anchorOf(name)}` : undefined);
    return [code(name), scope === 'open' ? '' : code(scope), section ? `[${summary}](${section})` : summary];
  });
  return table(['endpoint', 'scope', ''], rows);
}

function headingsOf(path) {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, text]) => text);
}

/** The anchor a Markdown reader gives to a heading. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function parameters(endpoint, isShown = () => true) {
  const rows = Object.entries(ENDPOINTS[endpoint].query.shape)
    .filter(([name, schema]) => !name.endsWith('!') && isShown(name, schema))
    .map(([name, schema]) => [code(name), descriptionOf(schema)]);
  if (
    Object.hasOwn(ENDPOINTS[endpoint].query.shape, 'q') &&
    isShown('q', ENDPOINTS[endpoint].query.shape.q)
  ) {
    rows.push([
      code('data.<path>'),
      'A field of data, such as data.order.id: a text, a pattern with *, or a number to compare with, such as >100',
    ]);
  }
  return table(['parameter', ''], rows);
}

/** Those that are not as `/logs` has them. */
function ownParameters(endpoint) {
  return parameters(
    endpoint,
    (name, schema) => descriptionOf(schema) !== descriptionOf(logQuerySchema.shape[name]),
  );
}

const MEANINGS = {
  invalid_parameter: 'a parameter or header is unknown, wrong, or given twice',
  invalid_body: 'the body is no JSON, is nested too deep, or has too many entries or values',
  invalid_entry: 'an entry has a field of the wrong type or range; nothing was stored',
  entry_too_old: 'the timestamp is past the retention of its class',
  entry_in_future: 'the timestamp is more than a day ahead',
  rejected: 'Redis refuses this entry: a right is missing, or a key of another type is in its way',
  unauthorized: 'a token is needed, or the one given is not known; `WWW-Authenticate` says which',
  forbidden:
    'the token lacks the scope, the `Host` header is not one of the gateway, or a web page of another origin asks',
  not_found: 'no such path, or no such entry',
  method_not_allowed: 'the path exists, the method does not; `Allow` says which do',
  key_conflict: 'a key of Tailrace holds something of another program; the message names it',
  body_too_large: 'the body is over the limit',
  unsupported_media_type: 'the body is not announced as JSON, nor, for `POST /logs`, as text',
  too_many_requests:
    'too many wrong tokens from this address, bodies of all requests past `MAX_HELD_BODY_BYTES`, or as many requests of this kind as are answered at once; `Retry-After` says how long',
  internal: 'a fault of the gateway; it has logged the cause under `request_id`',
  store_unavailable: 'Redis cannot serve now; try again',
};

function secretTokens() {
  const tokens = TOKEN_KINDS.map(({ name, prefixes, length, source }) => [
    described(name, source),
    prefixes.map(code).join(', '),
    [length].flat().length === 1 ? `from ${length}` : [...new Set(length)].join(' to '),
  ]);
  const others = STRUCTURES.map(({ name, hint, source }) => [
    described(name, source),
    code(hint),
    'by its structure',
  ]);
  return table(['what', 'begins with, or has', 'letters behind it'], [...tokens, ...others]);
}

function described(name, source) {
  return `[${name}](${source.startsWith('docs/') ? source.slice('docs/'.length) : source})`;
}

function secretNames() {
  const { ALWAYS, ENDINGS, OPAQUE, OPAQUE_ENDINGS } = NAMES;
  const list = (names) => [...new Set(names)].map(code).join(', ');
  return table(
    ['names', 'their values are secrets'],
    [
      [list(ALWAYS), 'always'],
      [`all that end in ${list(ENDINGS)}`, 'always'],
      [`${list(OPAQUE)}, and all that end in ${list(OPAQUE_ENDINGS)}`, 'when they look made by a machine'],
    ],
  );
}

function errorCodes() {
  const rows = Object.entries(ERROR_CODES).map(([name, status]) => [
    code(name),
    status,
    known(MEANINGS, name, 'MEANINGS'),
  ]);
  return table(['code', 'status', 'when'], rows);
}

function logFormats(formats) {
  const rows = formats.map(({ name, title, reference }) => [code(name), title, reference]);
  return table(['name', 'what it is', 'documented in'], rows);
}

function recipes() {
  const rows = RECIPES.map(({ name, about, parameters, takesFlags }) => {
    const usage = [...parameters.map(shownParameter), ...(takesFlags ? ['[flags...]'] : [])];
    return [code(['just', name, ...usage].join(' ')), about];
  });
  return table(['recipe', ''], [...rows, [code('just logs-help'), 'These commands with an example each']]);
}

/** A table the bench wrote with `--json`; numbers as they are there. */
function bench(name) {
  const path = `bench/results/${name}.json`;
  if (!existsSync(new URL(path, ROOT))) {
    return `Not measured for this version yet: \`pnpm bench ${name} --json ${path}\`, then \`pnpm run docs\`.`;
  }
  const { title, columns, rows, notes, cpu, cores, node } = JSON.parse(read(path));
  const machine = [
    [cores && `${cores} cores`, cpu].filter(Boolean).join(', '),
    node && `Node ${String(node).replace(/^v/, '')}`,
  ].filter(Boolean);
  const shown = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)));
  return [
    `**${title}**${machine.length > 0 ? `\n\nMachine: ${machine.join('; ')}.` : ''}`,
    table(columns, shown),
    notes.map((note) => `- ${note}`).join('\n'),
  ].join('\n\n');
}

/** The figures of the README, each from the bench that measured it. */
function figures() {
  const cell = (name, row, column) => {
    const { columns, rows } = JSON.parse(read(`bench/results/${name}.json`));
    const found = rows.find((cells) => row.every((text, i) => cells[i] === text));
    if (found === undefined) throw new Error(`scripts/docs.mjs: bench ${name} has no row ${row.join(', ')}`);
    return found[columns.indexOf(column)];
  };
  const tailrace = ['(b) Tailrace, all default indexes', 'default'];
  const follower = ['one follower of all'];
  const rows = [
    ['a log call with two fields', `${grouped(cell('call', ['log_info, 2 fields'], 'ns/call'))} ns`, 'call'],
    [
      'CPU of your service an entry, sending included',
      `${cell('write', tailrace, 'app CPU µs/entry')} µs`,
      'write',
    ],
    ['entries a second into one Redis', grouped(cell('write', tailrace, 'entries/s')), 'write'],
    [
      'delay of the event loop at 20,000 entries/s, p99, above idle',
      `${cell('loop', ['Tailrace, Redis there'], 'p99 above idle')} ms`,
      'loop',
    ],
    ['from the log call to a follower, p50', `${cell('tail', follower, 'p50 ms')} ms`, 'tail'],
    [
      '100 newest of an IP among a million entries, p50',
      `${cell('query', ['by IP, 100 newest', 1_000_000], 'p50 ms') ?? cell('query', ['by IP, 100 newest', '1,000,000'], 'p50 ms')} ms`,
      'query',
    ],
  ].map(([what, figure, bench]) => [what, figure, `[\`bench ${bench}\`](docs/benchmarks.md#${bench})`]);
  return table(['what', 'figure', 'measured by'], rows);
}

/** The members of an interface with their comments. */
function membersOf(path, name) {
  const body = new RegExp(`export interface ${name}[^{]* \\{([\\s\\S]*?)\\n\\}`).exec(read(path))?.[1] ?? '';
  const member = /\/\*\*([\s\S]*?)\*\/\s*readonly (\w+)(\??): ([^;]+);/g;
  return [...body.matchAll(member)].map(([, comment, member, optional, type]) => {
    const [text = '', byDefault = ''] = comment
      .replace(/\s*\n\s*\* ?/g, ' ')
      .replace(/\{@link (\w+)\}/g, linked)
      .trim()
      .split(/\s*@default /);
    return {
      name: member,
      type,
      text: text.trim(),
      byDefault: byDefault.trim(),
      isOptional: optional === '?',
    };
  });
}

function linked(_, name) {
  if (name !== 'DEFAULT_RETENTION_DAYS') return name;
  return Object.entries(DEFAULT_RETENTION_DAYS)
    .map(([retention, days]) => `${retention} ${days}`)
    .join(', ');
}

/** The type of a zod schema in a word. */
function typeOf(schema) {
  const { type, innerType, in: input, options, element } = schema.def ?? {};
  if (type === 'optional' || type === 'default') return typeOf(innerType);
  if (type === 'pipe') return typeOf(input);
  if (type === 'lazy') return 'object';
  if (type === 'record') return 'object';
  if (type === 'enum') return schema.options.length > 3 ? 'string' : schema.options.map(code).join(' or ');
  if (type === 'union') return options.map(typeOf).join(' or ');
  if (type === 'array') return `list of ${typeOf(element)}s`;
  return type;
}

/** A description may stand on the schema or on what it wraps. */
function descriptionOf(schema) {
  return schema?.description ?? (schema?.def?.innerType ? descriptionOf(schema.def.innerType) : '');
}

function table(columns, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function known(words, name, where) {
  if (words[name] === undefined) throw new Error(`scripts/docs.mjs: ${where} has nothing for "${name}"`);
  return words[name];
}

function code(text) {
  return `\`${text}\``;
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function grouped(number) {
  return number.toLocaleString('en-US');
}

function read(path) {
  return readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8');
}

main();
