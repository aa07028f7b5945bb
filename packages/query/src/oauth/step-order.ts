import { type Entry, OAUTH_STEPS, oauthStepOf } from '@tailrace/schema';
import { compareNewestFirst } from '../search/entry-order.js';

/**
 * The entries of OAuth steps, oldest to newest. Of one millisecond, those of one process are in the order in which it
 * logged them; between processes, whose orders say nothing of each other, the step decides.
 */
export function inOrderOfSteps(entries: readonly Entry[]): Entry[] {
  const sorted = entries.toSorted((a, b) => compareNewestFirst(b, a));
  const ordered: Entry[] = [];
  for (let at = 0; at < sorted.length; ) {
    const { timestamp } = sorted[at] as Entry;
    let end = at + 1;
    while (sorted[end]?.timestamp === timestamp) end++;
    ordered.push(...mergeWriters(sorted.slice(at, end)));
    at = end;
  }
  return ordered;
}

/** Of the entries that come next of each writer, the one whose step comes first is taken. */
function mergeWriters(entries: readonly Entry[]): Entry[] {
  if (entries.length === 1) return [...entries];
  const byWriter = new Map<string, Entry[]>();
  for (const entry of entries) {
    const writer = writerOf(entry);
    byWriter.set(writer, [...(byWriter.get(writer) ?? []), entry]);
  }
  const queues = [...byWriter.values()];
  return entries.map(() => {
    const waiting = queues.filter((queue) => queue.length > 0);
    const next = waiting.reduce((first, queue) => (stepOf(queue) < stepOf(first) ? queue : first));
    return next.shift() as Entry;
  });
}

/** An id ends with eight characters, the first four of which are its writer's. */
function writerOf({ id }: Entry): string {
  return id.slice(id.lastIndexOf(':') + 1).slice(0, -4);
}

/** Place of the step of a writer's next entry; an authorization is asked for first and given last. */
function stepOf([entry]: readonly Entry[]): number {
  const { event, outcome } = entry as Entry;
  if (event === 'oauth.authorize' && outcome !== undefined) return AUTHORIZED;
  const step = oauthStepOf(event);
  return step === undefined ? OAUTH_STEPS.length : OAUTH_STEPS.indexOf(step);
}

/** Behind consent. */
const AUTHORIZED = OAUTH_STEPS.indexOf('consent') + 0.5;
