import type { Reason } from '@tailrace/intake';
import type { CliError } from '../cli-error.js';
import { printable, printableJson } from '../print/printable.js';
import type { ReadLine } from './batches.js';
import type { BatchResult } from './upload.js';

/** So much of a line is shown. */
const SHOWN_CHARACTERS = 160;

/** A reason, how often it was met, and the first line. */
interface ReasonCount {
  count: number;
  readonly first: {
    readonly file?: string | undefined;
    readonly line: number;
    readonly message: string;
    readonly text: string;
  };
}

/** Lines that were refused, or repaired, by reason. */
interface Tally {
  count: number;
  readonly byCode: Map<string, ReasonCount>;
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
  /** Lines may be repaired in several ways; each counts. */
  readonly repaired: Tally;
  /** What is wrong with files that could not be read to their end. */
  readonly damaged: CliError[];
}

/** An empty report. */
export function createReport(): ImportReport {
  const tally = (): Tally => ({ count: 0, byCode: new Map() });
  const counts = { read: 0, imported: 0, unconfirmed: 0, firstUnconfirmed: undefined, repeated: 0 };
  return { ...counts, refused: tally(), repaired: tally(), damaged: [] };
}

/** Counts the lines of a batch. */
export function addToReport(report: ImportReport, { lines, repeated, failure }: BatchResult): void {
  report.read += lines.length;
  report.repeated += repeated;
  for (const line of lines) {
    if (line.refused) count(report.refused, line, line.refused);
    else if (failure) {
      report.unconfirmed += 1;
      report.firstUnconfirmed ??= line.number;
    } else {
      report.imported += 1;
      for (const reason of line.repaired ?? []) count(report.repaired, line, reason);
    }
  }
}

function count(tally: Tally, { file, number, text }: ReadLine, { code, message }: Reason): void {
  tally.count += 1;
  const known = tally.byCode.get(code);
  if (known !== undefined) known.count += 1;
  else {
    const first = {
      ...(file !== undefined && { file }),
      line: number,
      message,
      text: (text ?? '').slice(0, SHOWN_CHARACTERS),
    };
    tally.byCode.set(code, { count: 1, first });
  }
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
      'old lines are refused because they are past their retention; --rebase-to-now moves them to today, --archive-class keeps them as they are',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Each reason with its first line, which says most. */
function tallyLines(title: string, { count, byCode }: Tally): string[] {
  if (count === 0) return [];
  const codes = [...byCode].map(([code, { count: times }]) => `${grouped(times)} ${code}`).join(', ');
  const shown = [...byCode].flatMap(([code, { count: times, first }]) => {
    const { file, line, message, text } = first;
    const place = `${times > 1 ? 'first ' : ''}${file === undefined ? '' : `${printable(file)}, `}line ${line}`;
    return [`  ${code}, ${place}: ${printable(message)}`, ...(text === '' ? [] : [`    ${printable(text)}`])];
  });
  return [`${title}: ${codes}`, ...shown];
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** The report for programs. */
export function reportJson(report: ImportReport): string {
  const tally = ({ count, byCode }: Tally) => ({
    count,
    by_code: Object.fromEntries([...byCode].map(([code, { count: times }]) => [code, times])),
    first: [...byCode].map(([code, { first }]) => ({ ...first, code })),
  });
  const { read, imported, unconfirmed, repeated, firstUnconfirmed, damaged } = report;
  const reasons = { refused: tally(report.refused), repaired: tally(report.repaired) };
  return `${printableJson({
    read,
    imported,
    unconfirmed,
    first_unconfirmed: firstUnconfirmed,
    repeated,
    ...reasons,
    damaged: damaged.map(({ message }) => message),
  })}\n`;
}
