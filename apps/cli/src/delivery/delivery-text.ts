import type { DeliveryReply } from '@tailrace/api';
import { type Cell, createColumns, type Row } from '../print/columns.js';
import { cutTo } from '../print/display-width.js';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { wrapLine } from '../print/wrap-line.js';
import { shownCount } from '../statistics/figures.js';

type Writer = DeliveryReply['writers'][number];
type Account = Pick<Writer, 'accepted' | 'written' | 'dropped' | 'lag'>;

const NUMBER = { min: 8, max: 16, align: 'right' } as const;
const COLUMNS = {
  process: { min: 12, max: 40 },
  seen: { min: 20, max: 20 },
  accepted: NUMBER,
  written: NUMBER,
  lag: NUMBER,
  dropped: NUMBER,
} as const;

/** What stands behind the name of a process: when it was last seen, and four counts. */
const OTHERS_WIDTH = 1 + 20 + 4 * (1 + 8);

/** A clock that is off by less is as good as others. */
const TOLD_SKEW_MS = 1_000;

/** One line a writer, and one for all of them. */
export function deliveryText(
  { writers, totals, partial }: DeliveryReply,
  palette: Palette,
  columns?: number,
): string {
  const nameWidth = Math.max(
    COLUMNS.process.min,
    Math.min(COLUMNS.process.max, (columns ?? 120) - OTHERS_WIDTH),
  );
  if (writers.length === 0) return 'nobody has written in the last 7 days\n';
  const lines = createColumns({ ...COLUMNS, process: { min: COLUMNS.process.min, max: nameWidth } })([
    ['process', 'seen', 'accepted', 'written', 'lag', 'dropped'].map(
      (name): Cell => ({ text: name === 'seen' ? 'last seen' : name, column: name, paint: palette.dim }),
    ),
    ...writers.map((writer) =>
      rowOf(
        cutTo(nameWidth, processOf(writer)),
        secondOf(writer.last_seen),
        { ...writer, trouble: troubleOf(writer) },
        palette,
      ),
    ),
    rowOf(
      `${shownCount(totals.writers)} ${totals.writers === 1 ? 'writer' : 'writers'}`,
      '',
      totals,
      palette,
    ),
  ]);
  const note = partial ? ['not all writers are shown and counted: there are too many'] : [];
  return [...lines, ...note].map((line) => `${wrapLine(line, columns, 2)}\n`).join('');
}

function processOf({ id, host, pid }: Writer): string {
  return host === null ? printable(id) : `${printable(host)}:${pid ?? '?'}`;
}

/** What is wrong with a writer beside what it lost. */
function troubleOf({ skew_ms: skewMs, index_failed: failed }: Writer): readonly string[] {
  const skew = Math.abs(skewMs ?? 0);
  return [
    ...(skew >= TOLD_SKEW_MS
      ? [`clock ${(skew / 1000).toFixed(1)} s ${(skewMs ?? 0) > 0 ? 'ahead' : 'behind'}`]
      : []),
    ...(failed > 0 ? [`index_failed ${shownCount(failed)}`] : []),
  ];
}

function rowOf(
  name: string,
  seen: string,
  { accepted, written, lag, dropped, trouble = [] }: Account & { readonly trouble?: readonly string[] },
  palette: Palette,
): Row {
  const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
  const lost = reasons.reduce((sum, [, count]) => sum + count, 0);
  const warnIf = (isBad: boolean) => (isBad ? { paint: palette.warn } : {});
  return [
    { text: name, column: 'process' },
    // An empty cell would be left out.
    { text: seen || ' ', column: 'seen' },
    { text: shownCount(accepted), column: 'accepted' },
    { text: shownCount(written), column: 'written' },
    { text: shownCount(lag), column: 'lag', ...warnIf(lag !== 0) },
    { text: shownCount(lost), column: 'dropped', ...warnIf(lost > 0) },
    {
      text: [
        ...reasons.map(([reason, count]) => `${printable(reason)} ${shownCount(count)}`),
        ...trouble,
      ].join(', '),
    },
  ];
}

function secondOf(time: string): string {
  return printable(time).slice(0, 19).replace('T', ' ').concat('Z');
}
