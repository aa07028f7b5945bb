export {
  type Asked,
  type CallOptions,
  type Client,
  createClient,
  type QueryOf,
  type SearchQuery,
  type StatsQuery,
  type StreamQuery,
} from './client.js';
export { ConnectionError } from './connection-error.js';
export { IncompleteExportError } from './export.js';
export { GatewayError } from './gateway-error.js';
export type { QueryValue } from './query-text.js';
export type { Patience } from './stream.js';
export type { StreamEvent, StreamGap } from './stream-event.js';
export type { ClientOptions } from './transport.js';
