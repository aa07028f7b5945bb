import type {
  EndpointContent,
  EndpointJson,
  EndpointName,
  EndpointParameters,
  EndpointPath,
} from '@tailrace/api';
import type { GatewayContext } from '../gateway-env.js';

/** A request of an endpoint, checked as the table of endpoints says. */
export interface EndpointCall<Name extends EndpointName> {
  readonly c: GatewayContext;
  /** The query's parameters, with the filter that stands in the path. */
  readonly query: EndpointParameters<Name>;
  /** The path's parameters as they were given. */
  readonly path: EndpointPath<Name>;
  readonly body: EndpointContent<Name>;
  /** The body as it came, where it is lines of text and the endpoint takes these (`body` is then an empty list), or of another protocol. */
  readonly bytes?: Buffer | undefined;
  /** Whether the body was a list of items. */
  readonly isList: boolean;
}

/** Answers the requests of one endpoint: with what is replied as JSON, or with a whole response. */
export type Handler<Name extends EndpointName> = (
  call: EndpointCall<Name>,
) => Promise<EndpointJson<Name> | Response> | EndpointJson<Name> | Response;

/** A handler for each endpoint. */
export type Handlers = { readonly [Name in EndpointName]: Handler<Name> };
