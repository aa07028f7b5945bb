import type { Filter, Keyspace, TimeWindow } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { type DiagnosedFlow, diagnoseFlows } from '../diagnosis/diagnose.js';
import type { LogReader } from '../search/reader.js';
import { flowOf } from './flow.js';
import { DEFAULT_FLOW_BUDGET, type FlowBudget, readFlowEntries } from './flow-entries.js';
import { joinFlows } from './join-flows.js';

/** Which flows to find. */
export interface FlowsRequest {
  /** A flow is found when one of its steps fits; it is whole all the same. */
  readonly filter: Filter;
  /** When that step was. */
  readonly window: TimeWindow;
  /** Newest flows wanted, from 1. */
  readonly limit: number;
  /** Milliseconds without a step after which an unfinished flow is abandoned. */
  readonly abandonedAfterMs: number;
}

/** Flows that were found. */
export interface FoundFlows {
  /** Oldest to newest, by their first step. */
  readonly flows: readonly DiagnosedFlow[];
  /** There was too much to read it all; older flows may be missing. */
  readonly partial: boolean;
}

/** Finds OAuth flows and says what went wrong in them. */
export interface OAuthFlows {
  /** @throws what the connection throws; an abort's reason. */
  find(request: FlowsRequest, options?: { readonly signal?: AbortSignal }): Promise<FoundFlows>;
}

/** What it works with. */
export interface OAuthFlowsOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly reader: LogReader;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How much one question may read. @default {@link DEFAULT_FLOW_BUDGET} */
  readonly budget?: FlowBudget;
}

/** Makes a reader of flows. It does nothing until it is asked. */
export function createOAuthFlows(options: OAuthFlowsOptions): OAuthFlows {
  const { redis, keyspace, reader, now = Date.now, budget = DEFAULT_FLOW_BUDGET } = options;
  return {
    async find({ filter, window, limit, abandonedAfterMs }, { signal } = {}) {
      const read = await readFlowEntries({ redis, keyspace, reader, filter, window, budget, signal });
      const abandonedBefore = now() - abandonedAfterMs;
      const flows = joinFlows(read.entries)
        .filter((entries) => entries.some(({ id }) => read.seeds.has(id)))
        .map((entries) => flowOf(entries, abandonedBefore));
      return { flows: diagnoseFlows(flows).slice(-limit), partial: read.partial };
    },
  };
}
