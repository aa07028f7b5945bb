import type { ReadContext, Wrapper } from '../format.js';
import { type Candidate, type Reason, refuse } from '../parsed-line.js';
import { readSeverity } from '../values/level-words.js';
import { instant, monthOf, parseIsoTime } from '../values/time-text.js';

const PRI = /^<(\d{1,3})>/;
const BSD_TIME =
  /^(?:[*.])?([A-Z][a-z]{2}) ( \d|\d\d?) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: (\d{4}))?:? /;
/** What today's rsyslog and syslog-ng write into files by default. */
const ISO_TIME =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?=[\w.:-]{1,255} [\w./()@-]{1,64}(?:\[[\w.-]{1,32}\])?:)/;
const TAG = /^([\w./()@-]{1,64})(?:\[([\w.-]{1,32})\])?:(?: |$)/;
const HOST = /^([\w.:-]{1,255}) (?=\S)/;
const DAY_MS = 86_400_000;

/** BSD syslog, with and without `<PRI>`, and the files that syslog daemons write. */
export const syslogRfc3164: Wrapper = {
  name: 'syslog-rfc3164',
  title: 'BSD syslog (RFC 3164) and syslog files',
  reference: 'RFC 3164',
  detect: ({ text }) => {
    const start = priorityOf(text);
    if (start === undefined) return false;
    const rest = text.slice(start.length);
    return BSD_TIME.test(rest) || ISO_TIME.test(rest) || (start.length > 0 && !/^\d /.test(rest));
  },
  unwrap({ text }, context) {
    const start = priorityOf(text);
    if (start === undefined) return refuse('malformed', '<PRI> is past 191');
    const rest = text.slice(start.length);
    const iso = ISO_TIME.exec(rest);
    const bsd = iso === null ? BSD_TIME.exec(rest) : null;
    if (iso === null && bsd === null && start.length === 0)
      return refuse('unknown_format', 'no line of syslog');
    const time = iso === null ? timeOf(bsd, context) : { timestamp: parseIsoTime(iso[1] as string) };
    const isTimed = time.timestamp !== undefined || time.isYearMissing === true;
    if ((iso ?? bsd) !== null && !isTimed)
      return refuse('invalid_time', `no such time: ${(iso ?? bsd)?.[0].trim()}`);
    const { text: message, outer } = headerOf(
      rest.slice((iso ?? bsd)?.[0].length ?? 0),
      (iso ?? bsd) !== null,
    );
    return {
      text: message,
      outer: { ...outer, timestamp: time.timestamp, level: start.level },
      repaired: time.isYearMissing && time.timestamp !== undefined ? NO_YEAR : undefined,
    };
  },
};

const NO_YEAR: Reason = {
  code: 'no_year',
  message: 'its time names no year; the year of the import is taken',
};

/** The severity of `<PRI>`; nothing when the line has none, `undefined` when it is none. */
function priorityOf(text: string): { length: number; level: string | undefined } | undefined {
  const match = PRI.exec(text);
  if (match === null) return { length: 0, level: undefined };
  const priority = Number(match[1]);
  return priority > 191 ? undefined : { length: match[0].length, level: readSeverity(priority % 8) };
}

/** A time without a year is of the last twelve months, seen from the time of the import; without that, unknown. */
function timeOf(
  match: RegExpExecArray | null,
  { zone, now }: ReadContext,
): { timestamp?: number | undefined; isYearMissing?: boolean } {
  if (match === null) return {};
  const [, month, day, yearBefore, hour, minute, second, fraction, yearBehind] = match;
  const at = (year: string | number) =>
    instant({ year, month: monthOf(month), day, hour, minute, second, fraction }, zone);
  const year = yearBefore ?? yearBehind;
  if (year !== undefined) return { timestamp: at(year) };
  if (now === undefined) return { isYearMissing: at(2024) !== undefined };
  const thisYear = new Date(now).getUTCFullYear();
  const times = [thisYear + 1, thisYear, thisYear - 1].map(at);
  return { timestamp: times.find((time) => time !== undefined && time <= now + DAY_MS), isYearMissing: true };
}

/** `host tag[pid]: text`; some senders leave out the host. */
function headerOf(rest: string, hasHeader: boolean): { text: string; outer: Candidate } {
  const bare = TAG.exec(rest);
  const host = bare === null && hasHeader ? HOST.exec(rest) : null;
  const behind = rest.slice(host?.[0].length ?? 0);
  const tag = bare ?? TAG.exec(behind);
  const data = {
    ...(host !== null && { host: host[1] }),
    ...(tag?.[2] !== undefined && { pid: tag[2] }),
  };
  return {
    text: behind.slice(tag?.[0].length ?? 0),
    outer: { component: tag?.[1], ...(Object.keys(data).length > 0 && { data }) },
  };
}
