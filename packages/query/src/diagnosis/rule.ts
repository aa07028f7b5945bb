import type { FlowStep, OAuthFlow } from '../oauth/flow.js';

/** One thing that can be wrong with a flow. */
export interface Rule {
  /** Stable name. */
  readonly cause: string;
  /** What to change. */
  readonly change: string;
  readonly reference: Reference;
  /** @returns what was found, `undefined` when it is something else. */
  readonly find: (flow: OAuthFlow, context: RuleContext) => Finding | undefined;
}

/** Where it is written. */
export interface Reference {
  /** `RFC 7636, section 4.6` */
  readonly title: string;
  readonly url: string;
}

/** What a rule found in a flow. */
export interface Finding {
  /** What went wrong, as one sentence. */
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  /** The step that shows it. @default where the flow stopped */
  readonly step?: FlowStep | undefined;
}

/** A fact of the flow. */
export interface Evidence {
  readonly name: string;
  readonly value: string;
}

/** What rules see beside the flow. */
export interface RuleContext {
  /** All flows that were found, oldest first. */
  readonly flows: readonly OAuthFlow[];
}

/** The section of an RFC. */
export function rfc(number: number, section: string): Reference {
  return {
    title: `RFC ${number}, section ${section}`,
    url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
  };
}

/** Facts that are known; the others are left out. */
export function evidenceOf(facts: Readonly<Record<string, unknown>>): Evidence[] {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => ({ name, value: [value].flat().join(', ') }));
}

/** The step a flow failed at, when it is one of these. */
export function failureIn(flow: OAuthFlow, ...names: readonly string[]): FlowStep | undefined {
  if (flow.state !== 'failed') return undefined;
  return flow.stop !== undefined && names.includes(flow.stop.name) ? flow.stop : undefined;
}

/** Everything a failed step says of why. */
export function reasonOf({ details }: FlowStep): string {
  return [details.error, details.error_description, details.error_detail].filter(Boolean).join(', ');
}

/** The last success of a step before another. */
export function successBefore(flow: OAuthFlow, name: string, step?: FlowStep): FlowStep | undefined {
  const before = step === undefined ? flow.steps : flow.steps.slice(0, flow.steps.indexOf(step));
  return before.findLast((one) => one.name === name && one.outcome === 'success');
}

/** `45 ms`, `1.2 s`, `14 min`, `3 h` */
export function durationText(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 1) return `${Math.round(Math.abs(ms))} ms`;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Epoch seconds as ISO 8601. */
export function timeText(epochSeconds: number | undefined): string | undefined {
  return epochSeconds === undefined ? undefined : new Date(Math.round(epochSeconds * 1000)).toISOString();
}

/** Words of a scope or list. */
export function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
