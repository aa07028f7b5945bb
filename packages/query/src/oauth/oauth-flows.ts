import type { Filter, TimeWindow } from '@tailrace/schema';
import { type DiagnosedFlow, diagnoseFlow } from '../diagnosis/diagnose.js';
import type { LogReader } from '../search/reader.js';
import type { Shard } from '../shards/shard.js';
import { type Work, WorkQueue } from '../turns.js';
import { flowOf, type OAuthFlow } from './flow.js';
import { DEFAULT_FLOW_BUDGET, type FlowBudget, type FlowEntries, readFlowEntries } from './flow-entries.js';
import { joiningFlows } from './join-flows.js';

/** Which flows to find. */
export interface FlowsRequest {
  /** A flow is found when one of its steps fits; it is whole all the same. */
  readonly filter: Filter;
  /** When the step that fits was. */
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

/** What the reader of flows works with. */
export interface OAuthFlowsOptions extends Shard, OAuthFlowsSettings {}

/** @see createOAuthFlowsOf */
export interface OAuthFlowsSettings {
  readonly reader: LogReader;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How much one question may read. @default {@link DEFAULT_FLOW_BUDGET} */
  readonly budget?: FlowBudget;
  /** Whether Redis has every entry of a window; where it has not, flows are joined from what the reader finds. @default it has */
  readonly isIndexed?: (window: TimeWindow) => boolean;
}

/** Makes a reader of flows. It does nothing until it is asked. */
export function createOAuthFlows({ redis, keyspace, ...settings }: OAuthFlowsOptions): OAuthFlows {
  return createOAuthFlowsOf([{ redis, keyspace }], settings);
}

/** The same of all shards of a cluster. @param options.reader finds the entries of all of them */
export function createOAuthFlowsOf(shards: readonly Shard[], options: OAuthFlowsSettings): OAuthFlows {
  const { reader, now = Date.now, budget = DEFAULT_FLOW_BUDGET, isIndexed } = options;
  const joining = new WorkQueue();
  return {
    async find({ filter, window, limit, abandonedAfterMs }, { signal } = {}) {
      const read = await readFlowEntries({
        shards,
        reader,
        filter,
        window,
        budget,
        signal,
        isIndexed,
      });
      const abandonedBefore = now() - abandonedAfterMs;
      // One question at a time: else each of many takes a turn before anybody else gets one.
      const flows = await joining.run(() => diagnosedFlows(read, abandonedBefore, limit), { signal });
      return { flows, partial: read.partial };
    },
  };
}

function* diagnosedFlows(
  { entries, seeds }: FlowEntries,
  abandonedBefore: number,
  limit: number,
): Work<DiagnosedFlow[]> {
  const flows: OAuthFlow[] = [];
  for (const steps of yield* joiningFlows(entries)) {
    if (steps.some(({ id }) => seeds.has(id))) flows.push(flowOf(steps, abandonedBefore));
    yield;
  }
  const diagnosed: DiagnosedFlow[] = [];
  for (const flow of flows.slice(-limit)) {
    diagnosed.push(diagnoseFlow(flow, flows));
    yield;
  }
  return diagnosed;
}
