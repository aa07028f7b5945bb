import { isDeepStrictEqual } from 'node:util';
import {
  ENDPOINT_LIST,
  type Endpoint,
  type EndpointReplyKind,
  errorReplySchema,
  logQuerySchema,
  type NamedEndpoint,
} from '@tailrace/api';
import { type JsonSchema, namedSchemas, parameterSchemas, schemaOrReference } from './openapi-schemas.js';

/** A parameter of an operation, or where it stands. */
export type Parameter =
  | { readonly $ref: string }
  | {
      readonly name: string;
      readonly in: 'path' | 'query';
      readonly required: boolean;
      readonly description?: string | undefined;
      readonly schema: JsonSchema;
    };

/** The parts of an OpenAPI 3.1 document that are used here. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** Parameters of several operations, by name. */
const { properties: SHARED } = parameterSchemas(logQuerySchema);

/** Makes the document from the schemas requests are checked with and replies are typed by. */
export function openApiDocument(version: string): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of ENDPOINT_LIST) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: described(endpoint) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tailrace',
      version,
      description:
        'Logs: query, follow, ingest. A filter with ! behind its name takes what it does not take without. A field of data is a filter as well, by its path: data.order.id=7.',
    },
    paths,
    components: {
      schemas: namedSchemas(),
      parameters: Object.fromEntries(
        Object.entries(SHARED).map(([name, schema]) => [componentName(name), queryParameter(name, schema)]),
      ),
      responses: {
        Error: {
          description: 'What was wrong, and what is allowed',
          content: { 'application/json': { schema: schemaOrReference(errorReplySchema) } },
        },
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'With a scope: read, write or admin. Where none is configured, nobody is asked for one.',
        },
      },
    },
  };
}

function described({
  method,
  path,
  summary,
  scope,
  query,
  needs,
  body,
  foreign,
  replies,
}: NamedEndpoint): object {
  const parameters = [
    ...pathParameters(path),
    ...queryParameters(query, needs),
    ...(body?.idempotent ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    operationId: operationId(method.toLowerCase(), path),
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: {
          [body.type]: { schema: oneOrMore(schemaOrReference(body.schema), body.maxItems) },
          ...(body.ndjson && {
            'application/x-ndjson': { schema: { type: 'string', description: `${body.of}, a line each` } },
          }),
          ...(body.lines !== undefined && {
            'text/plain': { schema: { type: 'string', description: body.lines } },
          }),
        },
      },
    }),
    ...(foreign !== undefined && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          foreign.types.map((type) => [type, { schema: foreignSchema(type, foreign.of) }]),
        ),
      },
    }),
    responses: { ...shownReplies(replies), default: { $ref: '#/components/responses/Error' } },
    security: scope === 'open' ? [] : [{ token: [scope] }],
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A text of your own, such as a UUID: the same request sent again with it within a day is stored once',
  schema: { type: 'string', maxLength: 255 },
} as const;

function foreignSchema(type: string, description: string): JsonSchema {
  return type === 'application/json'
    ? { type: 'object', description }
    : { type: 'string', format: 'binary', description };
}

function operationId(method: string, path: string): string {
  const words = path.match(/\w+/g) ?? [];
  return [method, ...words]
    .map((word, i) => (i === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('');
}

function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: Endpoint['query'], needs: Endpoint['needs']): Parameter[] {
  if (query === undefined) return [];
  const { properties, required } = parameterSchemas(query);
  return Object.entries(properties).map(([name, schema]) => {
    const isRequired = name === needs || required.includes(name);
    return !isRequired && isDeepStrictEqual(schema, SHARED[name])
      ? { $ref: `#/components/parameters/${componentName(name)}` }
      : queryParameter(name, schema, isRequired);
  });
}

function queryParameter(name: string, { description, ...schema }: JsonSchema, required = false): Parameter {
  return {
    name,
    in: 'query',
    required,
    ...(description !== undefined && { description: String(description) }),
    schema,
  };
}

/** `ip!` as the name of a component, which allows no `!`. */
function componentName(parameter: string): string {
  return parameter.replace('!', '.not');
}

function oneOrMore(schema: JsonSchema, maxItems: number | undefined): JsonSchema {
  return maxItems === undefined ? schema : { anyOf: [schema, { type: 'array', items: schema, maxItems }] };
}

function shownReplies(replies: Endpoint['replies']): Record<string, object> {
  const statuses = [...new Set(replies.map(({ status }) => status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const content = replies.filter((reply) => reply.status === status).map(contentOf);
      return [
        status,
        { description: status === 200 ? 'Done' : 'Not now', content: Object.fromEntries(content) },
      ];
    }),
  );
}

function contentOf({ type, schema }: EndpointReplyKind): [type: string, content: object] {
  return [type, { schema: schema === undefined ? { type: 'string' } : schemaOrReference(schema) }];
}
