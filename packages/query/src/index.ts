export type { TailEvent } from './follower.js';
export { matchesFilter } from './matches-filter.js';
export {
  createReader,
  DEFAULT_SCAN_BUDGET,
  type LogReader,
  type ReaderOptions,
  type ScanBudget,
  type SearchPage,
  type SearchRequest,
} from './reader.js';
export { isStreamId } from './stream-entry.js';
export { createTail, type FollowRequest, type Tail, type TailOptions } from './tail.js';
