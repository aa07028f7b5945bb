/** Events of runs, as FailCore's traces name them (spec 004 "Trace File Format"). */
export const RUN_EVENTS = {
  runStart: 'RUN_START',
  runEnd: 'RUN_END',
  stepStart: 'STEP_START',
  stepEnd: 'STEP_END',
  policy: 'POLICY_CHECK',
  breakglass: 'BREAKGLASS_ACTIVATED',
  cost: 'COST_TRACKED',
} as const;

/** The object under which the entries of a run are found. */
export function runObject(runId: string): string {
  return `run:${runId}`;
}
