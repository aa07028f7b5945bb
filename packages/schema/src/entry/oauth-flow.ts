/** How a flow stands. `open`: its last step is too young to call it abandoned. */
export const FLOW_STATES = ['complete', 'open', 'failed', 'abandoned'] as const;

/** @see FLOW_STATES */
export type FlowState = (typeof FLOW_STATES)[number];

/** What went wrong in a flow, and what to do. */
export interface Diagnosis {
  /** Stable name of the rule. */
  cause: string;
  sentence: string;
  evidence: { name: string; value: string }[];
  /** What to change. */
  change: string;
  /** Such as `RFC 7636, section 4.6`, and where to read it. */
  reference: { title: string; url: string };
  /** The step that shows it. */
  step_id: string | null;
}
