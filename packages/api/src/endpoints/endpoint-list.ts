import type { Endpoint, EndpointMethod } from './endpoint.js';
import { ENDPOINTS } from './endpoints.js';

/** An endpoint by its name: `GET /logs/ip/{ip}`. */
export type EndpointName = keyof typeof ENDPOINTS;

/** An endpoint with its name. */
export interface NamedEndpoint extends Endpoint {
  readonly name: EndpointName;
  readonly method: EndpointMethod;
  /** With its parameters in braces; each is a text. */
  readonly path: string;
}

/** {@link ENDPOINTS} as a list, in its order. */
export const ENDPOINT_LIST: readonly NamedEndpoint[] = Object.entries<Endpoint>(ENDPOINTS).map(
  ([name, endpoint]) => {
    const [method, path] = name.split(' ') as [EndpointMethod, string];
    return { ...endpoint, name: name as EndpointName, method, path };
  },
);
