import type { Diagnosis, Entry } from '@tailrace/schema';
import { flowOf, type OAuthFlow } from '../oauth/flow.js';
import { joinFlows } from '../oauth/join-flows.js';
import { RULES } from './rules.js';

/** A flow and what went wrong in it. */
export interface DiagnosedFlow extends OAuthFlow {
  /** `undefined`: nothing went wrong. */
  readonly diagnosis: Diagnosis | undefined;
}

/** Says of each flow what went wrong, by the first rule that finds something. */
export function diagnoseFlows(flows: readonly OAuthFlow[]): DiagnosedFlow[] {
  return flows.map((flow) => diagnoseFlow(flow, flows));
}

/**
 * Joins OAuth entries to flows and says what went wrong in those that matter.
 *
 * @param options.abandonedBefore epoch milliseconds: an unfinished flow whose last step is older is abandoned
 * @param options.isWanted which flows are diagnosed; the others are left out
 */
export function diagnoseEntries(
  entries: readonly Entry[],
  {
    abandonedBefore,
    isWanted,
  }: { readonly abandonedBefore: number; readonly isWanted: (flow: OAuthFlow) => boolean },
): DiagnosedFlow[] {
  const flows = joinFlows(entries).map((steps) => flowOf(steps, abandonedBefore));
  return flows.filter(isWanted).map((flow) => diagnoseFlow(flow, flows));
}

/** Says of one flow what went wrong, seen beside all that were found. */
export function diagnoseFlow(flow: OAuthFlow, flows: readonly OAuthFlow[]): DiagnosedFlow {
  return { ...flow, diagnosis: diagnose(flow, flows) };
}

function diagnose(flow: OAuthFlow, flows: readonly OAuthFlow[]): Diagnosis | undefined {
  for (const { cause, change, reference, find } of RULES) {
    const finding = find(flow, { flows });
    if (finding === undefined) continue;
    const { sentence, evidence, step = flow.stop } = finding;
    return { cause, sentence, evidence: [...evidence], change, reference, step_id: step?.entry.id ?? null };
  }
  return undefined;
}
