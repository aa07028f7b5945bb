import type { z } from 'zod';
import type { EndpointName } from './endpoint-list.js';
import type { ENDPOINTS } from './endpoints.js';

type Of<Name extends EndpointName> = (typeof ENDPOINTS)[Name];
type ReplyKindOf<Name extends EndpointName> = Of<Name>['replies'][number];

/** The query parameters of an endpoint as they are sent: `EndpointQuery<'GET /logs'>`. */
export type EndpointQuery<Name extends EndpointName> =
  Of<Name> extends { readonly query: infer Schema extends z.ZodType } ? z.input<Schema> : object;

/** The same as the gateway understands them. */
export type EndpointParameters<Name extends EndpointName> =
  Of<Name> extends { readonly query: infer Schema extends z.ZodType } ? z.output<Schema> : object;

/** The parameters in the path of an endpoint, as texts: `{ ip: string }`. */
export type EndpointPath<Name extends EndpointName> = { readonly [Parameter in ParameterOf<Name>]: string };

type ParameterOf<Path extends string> = Path extends `${string}{${infer Parameter}}${infer Rest}`
  ? Parameter | ParameterOf<Rest>
  : never;

/** The body of an endpoint as it is sent. */
export type EndpointBody<Name extends EndpointName> =
  Of<Name> extends { readonly body: infer Kind } ? ManyOrOne<Kind, z.input<SchemaOf<Kind>>> : undefined;

/** The items of a body as the gateway understands them: one, or a list where an endpoint takes several. */
export type EndpointContent<Name extends EndpointName> =
  Of<Name> extends { readonly body: infer Kind }
    ? Kind extends { readonly maxItems: number }
      ? readonly z.output<SchemaOf<Kind>>[]
      : z.output<SchemaOf<Kind>>
    : undefined;

type SchemaOf<Kind> = Kind extends { readonly schema: infer Schema extends z.ZodType } ? Schema : never;
type ManyOrOne<Kind, Item> = Kind extends { readonly maxItems: number } ? Item | readonly Item[] : Item;

/** What an endpoint replies with 200, or with another status that is no error: JSON, a line of NDJSON, or a text. */
export type EndpointReply<Name extends EndpointName> = ContentOf<ReplyKindOf<Name>>;

type ContentOf<Kind> = Kind extends { readonly schema: infer Schema }
  ? Schema extends z.ZodType
    ? z.output<Schema>
    : string
  : never;

/** The replies of an endpoint that are one JSON value; `never` where there are none. */
export type EndpointJson<Name extends EndpointName> = JsonOf<ReplyKindOf<Name>>;

type JsonOf<Kind> = Kind extends { readonly type: 'application/json'; readonly schema: infer Schema }
  ? Schema extends z.ZodType
    ? z.output<Schema>
    : never
  : never;
