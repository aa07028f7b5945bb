import type { Reason } from '@tailrace/intake';
import { printable } from '../print/printable.js';
import type { BatchResult } from './upload.js';

/** Lines shown one by one; all are counted. */
const SHOWN = 20;

/** Lines that were refused, or repaired: counted by reason, the first ones kept. */
interface Tally {
  count: number;
  readonly byCode: Map<string, number>;
  readonly first: (Reason & { readonly line: number })[];
}

/** The count of an import as it goes. `read` = `imported` + `refused.count` + `unconfirmed`. */
export interface ImportReport {
  read: number;
  imported: number;
  /** Sent, but the gateway was lost or refused all before it said that they are stored. */
  unconfirmed: number;
  /** Number of the first of these lines. */
  firstUnconfirmed: number | undefined;
  /** @see BatchResult.repeated */
  repeated: number;
  readonly refused: Tally;
  readonly repaired: Tally;
}

/** An empty report. */
export function createReport(): ImportReport {
  const tally = (): Tally => ({ count: 0, byCode: new Map(), first: [] });
  const counts = { read: 0, imported: 0, unconfirmed: 0, firstUnconfirmed: undefined, repeated: 0 };
  return { ...counts, refused: tally(), repaired: tally() };
}

/** Counts the lines of a batch. */
export function addToReport(report: ImportReport, { lines, repeated, failure }: BatchResult): void {
  report.read += lines.length;
  report.repeated += repeated;
  for (const { number, refused, repaired } of lines) {
    if (refused) count(report.refused, number, refused);
    else if (failure) {
      report.unconfirmed += 1;
      report.firstUnconfirmed ??= number;
    } else {
      report.imported += 1;
      if (repaired) count(report.repaired, number, repaired);
    }
  }
}

function count(tally: Tally, line: number, { code, message }: Reason): void {
  tally.count += 1;
  tally.byCode.set(code, (tally.byCode.get(code) ?? 0) + 1);
  if (tally.first.length < SHOWN) tally.first.push({ line, code, message });
}

/** The report for reading. `rebased`: the import had `--rebase-to-now`. */
export function reportText(report: ImportReport, rebased: boolean): string {
  const { read, imported, refused, repaired, unconfirmed, repeated } = report;
  const lines = [
    `${grouped(read)} lines read, ${grouped(imported)} imported, ${grouped(refused.count)} refused`,
  ];
  lines.push(...tallyLines('imported, but repaired', repaired), ...tallyLines('refused', refused));
  if (unconfirmed > 0)
    lines.push(
      `${grouped(unconfirmed)} not confirmed by the gateway, from line ${report.firstUnconfirmed} on`,
    );
  if (repeated > 0)
    lines.push(`${grouped(repeated)} sent again after a lost reply: some may be stored twice`);
  if (refused.byCode.has('entry_too_old') && !rebased) {
    lines.push(
      'old lines are refused because they are past their retention; --rebase-to-now moves them to today',
    );
  }
  return `${lines.join('\n')}\n`;
}

function tallyLines(title: string, { count, byCode, first }: Tally): string[] {
  if (count === 0) return [];
  const codes = [...byCode].map(([code, times]) => `${grouped(times)} ${code}`).join(', ');
  const shown = first.map(({ line, message }) => `  line ${line}: ${printable(message)}`);
  const more = count > first.length ? [`  and ${grouped(count - first.length)} more`] : [];
  return [`${title}: ${codes}`, ...shown, ...more];
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** The report for programs. */
export function reportJson(report: ImportReport): string {
  const tally = ({ count, byCode, first }: Tally) => ({ count, by_code: Object.fromEntries(byCode), first });
  const { read, imported, unconfirmed, repeated, firstUnconfirmed } = report;
  const reasons = { refused: tally(report.refused), repaired: tally(report.repaired) };
  return `${JSON.stringify({ read, imported, unconfirmed, first_unconfirmed: firstUnconfirmed, repeated, ...reasons })}\n`;
}
