export {
  type CallOptions,
  type Client,
  type ClientOptions,
  createClient,
  type QueryOf,
  type SearchQuery,
  type StatsQuery,
} from './client.js';
export { GatewayError } from './gateway-error.js';
export type { QueryValue } from './query-text.js';
export type { StreamEvent, StreamQuery } from './stream.js';
