import { type DiagnosedFlow, diagnoseEntries } from '@tailrace/query';
import type { AlertRule } from '../rules/alert-rule.js';
import { fieldReader, groupOfValues } from '../rules/entry-value.js';
import { MAX_OAUTH_ENTRIES, type Slot } from './tally.js';

/** Time without a step after which a flow is abandoned: the longest a code should live (RFC 6749, section 4.1.2). */
export const ABANDONED_AFTER_MS = 600_000;

/**
 * Counts the flows of a window in which something went wrong, by group. A flow is in the window that has the step which shows it; an
 * abandoned one in that in which it became so. Of too many entries the newest 5,000 are joined.
 *
 * @param slots those before the window and its own, oldest first
 * @param window its begin and end, epoch milliseconds, the end excluded
 */
export function countDiagnosed(
  { groupBy }: AlertRule,
  slots: readonly (Slot | undefined)[],
  { from, end }: { readonly from: number; readonly end: number },
): Map<string, number> {
  const isInside = (time: number) => time >= from && time < end;
  const timeOf = ({ state, endedAt }: Pick<DiagnosedFlow, 'state' | 'endedAt'>) =>
    state === 'abandoned' ? endedAt + ABANDONED_AFTER_MS : endedAt;
  const entries = slots
    .flatMap((slot) => slot?.get('')?.entries ?? [])
    .sort((a, b) => a.timestamp - b.timestamp)
    .slice(-MAX_OAUTH_ENTRIES);
  const flows = diagnoseEntries(entries, {
    // A flow whose last step is old is seen as abandoned in one window: the one it became so in.
    abandonedBefore: end - ABANDONED_AFTER_MS,
    isWanted: (flow) => isInside(timeOf(flow)),
  });
  const counts = new Map<string, number>();
  for (const flow of flows) {
    const { diagnosis, steps, state } = flow;
    if (diagnosis === undefined) continue;
    const step = steps.find(({ entry }) => entry.id === diagnosis.step_id) ?? steps.at(-1);
    if (step === undefined || (state !== 'abandoned' && !isInside(step.at))) continue;
    const group = groupOfValues(
      groupBy.map((field) => {
        if (field === 'cause') return diagnosis.cause;
        if (field === 'client') return flow.clientId;
        return field === 'user' ? flow.userId : fieldReader(field)(step.entry);
      }),
    );
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return counts;
}
