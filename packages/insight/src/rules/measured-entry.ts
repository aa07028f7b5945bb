import { type Entry, isError, OAUTH_EVENT_PREFIX, RUN_EVENTS } from '@tailrace/schema';
import { fingerprintOf } from '../errors/fingerprint.js';
import { isRegression } from '../errors/group-mark.js';
import type { AlertRule, Measure } from './alert-rule.js';

/** Measures that look at errors alone: level ERROR and up, and status 400 and up. */
const OF_ERRORS: readonly Measure[] = ['new_errors', 'regressed_errors'];

/** Whether only errors matter to a rule. */
export function isOfErrors({ measure }: AlertRule): boolean {
  return OF_ERRORS.includes(measure);
}

/** Whether an entry that matches a rule's filter is one that its measure looks at. */
export function measuredCheck({ measure, marks }: AlertRule): (entry: Entry) => boolean {
  switch (measure) {
    case 'new_errors':
      return isError;
    case 'regressed_errors':
      return (entry) => isError(entry) && isRegression(marks().get(fingerprintOf(entry).id), entry);
    case 'oauth_diagnosis':
      return ({ event }) => event?.startsWith(OAUTH_EVENT_PREFIX) === true;
    case 'breakglass':
      return ({ event, data }) =>
        event === RUN_EVENTS.breakglass ||
        (event === RUN_EVENTS.policy && typeof data?.breakglass === 'string');
    default:
      return () => true;
  }
}
