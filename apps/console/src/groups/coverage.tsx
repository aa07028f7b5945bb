import { momentText } from '../state/time-range.js';

interface CoverageProps {
  readonly of: {
    readonly entries: number;
    readonly exact: boolean;
    readonly from: string;
    readonly baseline_from: string | null;
    readonly total: number;
    readonly overflow: number;
  };
  /** What was counted: `groups`. */
  readonly what: string;
  readonly shown: number;
}

/** How much of the log groups and patterns are made of. */
export function Coverage({ of, what, shown }: CoverageProps) {
  const { entries, exact, from, baseline_from: before, total, overflow } = of;
  const many =
    total > shown ? `${shown.toLocaleString()} of ${total.toLocaleString()}` : total.toLocaleString();
  return (
    <p class="hint coverage" role="status">
      {`${many} ${what} of ${entries.toLocaleString()} entries`}
      {before !== null && `, compared with what came since ${momentText(Date.parse(before))}`}
      {!exact && (
        <span class="warn">{` Not all was looked at: only what came since ${momentText(Date.parse(from))}.`}</span>
      )}
      {overflow > 0 && <span class="warn">{` ${overflow.toLocaleString()} more are in none of them.`}</span>}
    </p>
  );
}
