import type { OAuthSummaryReply } from '@tailrace/api';
import { createColumns } from '../print/columns.js';
import { entryTime } from '../print/entry-time.js';
import { printable } from '../print/printable.js';
import { wrapped } from '../print/wrapped.js';
import { type FlowStyle, flowMark, stepMark } from './flow-style.js';

/** Where the text of a cause begins, behind its count. */
const CAUSE_AT = 4;

/** Flows by state, what was done how often, and what went wrong. */
export function summaryText({ flows, activity, causes }: OAuthSummaryReply, style: FlowStyle): string {
  const { palette, columns } = style;
  const states = Object.entries(flows).map(([state, count]) => {
    const { sign, paint } = flowMark(state as keyof typeof flows, style);
    return count === 0 ? palette.dim(`${count} ${state}`) : paint(`${sign} ${count} ${state}`);
  });
  const align = createColumns({
    count: { min: 2, max: 8, align: 'right' },
    step: { min: 11, max: 16 },
    client: { min: 1, max: 24 },
    user: { min: 1, max: 24 },
  });
  const oldestFirst = activity.toSorted((a, b) => (a.last < b.last ? -1 : 1));
  const rows = align(
    oldestFirst.map(({ client_id: client, user_id: user, step, outcome, count, last }) => {
      const { sign, paint } = stepMark(outcome ?? undefined, style);
      return [
        { column: 'count', text: String(count) },
        { column: 'step', text: `${sign} ${printable(step)}`, paint },
        { column: 'client', text: printable(client ?? '-') },
        { column: 'user', text: printable(user ?? '-') },
        { text: entryTime(last, style.zone), paint: palette.dim },
      ];
    }),
  );
  const reasons = causes.flatMap(({ sentence, count }) => {
    const [first = '', ...rest] = wrapped(printable(sentence), columns - CAUSE_AT);
    const lines = [
      `${String(count).padStart(CAUSE_AT - 2)}  ${first}`,
      ...rest.map((line) => ' '.repeat(CAUSE_AT) + line),
    ];
    return lines.map(palette.error);
  });
  const lines = [`flows  ${states.join('  ')}`, ...rows, ...reasons];
  return `${lines.join('\n')}\n`;
}
