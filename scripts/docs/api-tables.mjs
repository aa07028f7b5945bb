import { ENDPOINT_LIST, ENDPOINTS, ERROR_CODES, logQuerySchema } from '../../packages/api/dist/index.js';
import { code, known, read, table } from './markdown.mjs';
import { descriptionOf } from './schema-words.mjs';

/** Where docs tell more of an endpoint than a heading with its name does. */
const SECTIONS = {
  'GET /logs': '#entries',
  'GET /logs/levels': '#levels',
  'GET /logs/oauth/{ip}': 'oauth.md#reading',
  'GET /api/audit': 'audit.md#get-apiaudit',
  'GET /api/audit/entities/{type}/{id}': 'audit.md#get-apiauditentitiestypeid',
  'POST /api/audit': 'audit.md#post-apiaudit',
};

export function endpoints() {
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

export function parameters(endpoint, isShown = () => true) {
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
export function ownParameters(endpoint) {
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
  conflict: 'what is asked for cannot be done to this entry, or by this gateway; the message says why',
  body_too_large: 'the body is over the limit',
  unsupported_media_type:
    'the body is of a type the endpoint does not take (JSON; for `POST /logs` text as well; for `POST /v1/logs` protobuf as well), or in a content coding that is not known',
  idempotency_key_reused: 'the `Idempotency-Key` stood with something else before; nothing was stored',
  too_many_requests:
    'too many wrong tokens from this address, bodies of all requests past `MAX_HELD_BODY_BYTES`, or as many requests of this kind as are answered at once; `Retry-After` says how long',
  internal: 'a fault of the gateway; it has logged the cause under `request_id`',
  store_unavailable: 'Redis cannot serve now; try again',
};

export function errorCodes() {
  const rows = Object.entries(ERROR_CODES).map(([name, status]) => [
    code(name),
    status,
    known(MEANINGS, name, 'MEANINGS'),
  ]);
  return table(['code', 'status', 'when'], rows);
}
