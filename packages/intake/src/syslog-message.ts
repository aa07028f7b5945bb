import { Intake } from './intake.js';
import type { IntakeEntry } from './parsed-line.js';

/**
 * Reads one message that a syslog daemon sent, RFC 5424 or 3164; line feeds within it are its own. What is no syslog is a
 * message as it stands, and so is what a header or its structured data make unreadable: nothing is refused.
 *
 * @param options.now epoch milliseconds: the time of a message that has none, and tells the year of those that name none
 * @param options.timeZone of times that name no offset
 */
export function readSyslogMessage(
  text: string,
  { now, timeZone }: { readonly now: number; readonly timeZone?: string | undefined },
): readonly IntakeEntry[] {
  const intake = new Intake({ now, timeZone });
  const outcomes = [...intake.push({ number: 1, text }), ...intake.end()];
  const entries = outcomes.flatMap((outcome): IntakeEntry[] => ('entry' in outcome ? [outcome.entry] : []));
  const refused = outcomes.find((outcome) => 'refused' in outcome);
  if (entries.length > 0 && refused === undefined) return entries.map(asSent);
  const isUnknown = refused === undefined || refused.refused.code === 'unknown_format';
  return [
    {
      timestamp: now,
      component: 'syslog',
      message: text,
      ...(!isUnknown && { data: { not_understood: refused.refused.message } }),
    },
  ];
}

/** rsyslog puts the space behind a BSD tag in front of a message of RFC 5424. */
function asSent(entry: IntakeEntry): IntakeEntry {
  const { message } = entry;
  return {
    component: 'syslog',
    ...entry,
    ...(message !== undefined && { message: message.replace(/^ (?=\S)/, '') }),
  };
}
