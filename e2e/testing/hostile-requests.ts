/** The part of an OpenAPI document that says what can be asked. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
}

interface ApiOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
}

/** A request as it goes over the wire. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const VALUES = [
  '',
  '0',
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999',
  '10',
  'true',
  'null',
  'undefined',
  '*',
  '**********************a',
  '%',
  '%00',
  '%C0%AF',
  '%ED%A0%80',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f',
  '<script>alert(1)</script>',
  "' OR 1=1 --",
  '"',
  '""',
  '\\"',
  '-word',
  '__proto__',
  'constructor',
  '127.0.0.1',
  '::1',
  '192.0.2.0/0',
  '2001:db8::/129',
  'ERROR',
  'oauth.*',
  '4xx',
  '404,410',
  '500-499',
  '2026-02-30T00:00:00Z',
  '2026-01-15T10:00:00Z',
  '1700000000',
  '{"a":1}',
  '\u202e\u200b',
  'é'.repeat(600),
  'x'.repeat(5_000),
  'req:1:-:AAAAAAAA',
  'bm90IGEgY3Vyc29y',
] as const;

const HEADERS: readonly (readonly [string, string])[] = [
  ['accept', 'text/html'],
  ['accept', '*/*;q=-1'],
  ['accept-encoding', 'gzip, br;q=0'],
  ['authorization', 'Bearer x'],
  ['authorization', 'Basic eDp5'],
  ['last-event-id', '9-9'],
  ['last-event-id', 'no id'],
  ['x-forwarded-for', '1.2.3.4, ::1'],
  ['x-request-id', '"><svg>'],
  ['range', 'bytes=0-1'],
  ['if-none-match', '*'],
  ['expect', 'nothing'],
  ['content-encoding', 'gzip'],
  ['traceparent', '00-0-0-0'],
  ['cookie', `a=${'b'.repeat(2_000)}`],
];

const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/x-ndjson',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'a',
];

const MEMBERS: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  2 ** 60,
  '',
  'text',
  'x'.repeat(20_000),
  '\ud800',
  '\0\x1b[2J',
  [],
  {},
  [[[[[[[[]]]]]]]],
  { toString: null, __proto__: 'x' },
  'Bearer abcdefghijklmnop',
  '2026-01-15T10:00:00Z',
];

const FIELDS =
  'timestamp kind level component message client_ip method path status_code response_time_ms event objects error data trace_id x'.split(
    ' ',
  );

/** Makes requests at random to every operation of an API: some right, most of them wrong in one way or several. */
export function hostileRequests(document: ApiDocument, random: () => number): () => HostileRequest {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const chance = (share: number) => random() < share;

  function query(operation: ApiOperation): string {
    const names = (operation.parameters ?? []).filter(({ in: place }) => place === 'query');
    const given = Array.from({ length: Math.floor(random() * 5) }, () => {
      const name = chance(0.1) || names.length === 0 ? pick(VALUES) : pick(names).name;
      return `${raw(name)}=${raw(pick(VALUES))}`;
    });
    return given.length === 0 ? '' : `?${given.join('&')}`;
  }

  /** Sometimes as it is, where the protocol allows it: what a careless client sends. */
  function raw(text: string): string {
    return chance(0.3) && /^[\x21-\x7e]*$/.test(text)
      ? text.replaceAll('#', '%23')
      : encodeURIComponent(text.toWellFormed());
  }

  function entry(): unknown {
    const names = FIELDS.filter(() => chance(0.3));
    return Object.fromEntries(names.map((name) => [name, chance(0.5) ? pick(VALUES) : pick(MEMBERS)]));
  }

  function body(): string {
    if (chance(0.1)) return pick(['', '{', '[', '[]', '[[', '{"a":', 'null', '"text"', '\0', '{}{}']);
    if (chance(0.1)) return '['.repeat(Math.floor(random() * 20_000));
    if (chance(0.1)) return `{"data":{"x":[${'{},'.repeat(Math.floor(random() * 5_000))}{}]}}`;
    const text = JSON.stringify(chance(0.5) ? entry() : Array.from({ length: 1 + random() * 5 }, entry));
    return chance(0.1) ? text.slice(0, Math.floor(random() * text.length)) : text;
  }

  return () => {
    const { path, method, operation } = pick(operations);
    const filled = path.replace(/\{\w+\}/g, () => raw(pick(VALUES.filter((value) => value !== ''))));
    const takesBody = operation.requestBody !== undefined || chance(0.05);
    const headers = Object.fromEntries(Array.from({ length: Math.floor(random() * 3) }, () => pick(HEADERS)));
    const text = takesBody ? body() : undefined;
    return {
      method: chance(0.05) ? pick(['HEAD', 'OPTIONS', 'PATCH', 'PUT', 'DELETE', 'TRACE', 'BREW']) : method,
      path: filled + query(operation),
      headers:
        text === undefined
          ? headers
          : {
              'content-type': chance(0.7) ? 'application/json' : pick(TYPES),
              'content-length': String(Buffer.byteLength(text)),
              ...headers,
            },
      body: text,
    };
  };
}
