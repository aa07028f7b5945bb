import {
  type Entry,
  type FlowState,
  OAUTH_EVENT_PREFIX,
  type OAuthDetails,
  oauthDetailsOf,
  oauthJoinsOf,
} from '@tailrace/schema';

/** One entry of a flow. */
export interface FlowStep {
  readonly entry: Entry;
  /** Its event without `oauth.`. */
  readonly name: string;
  readonly at: number;
  readonly outcome: 'success' | 'failure' | undefined;
  readonly details: OAuthDetails;
  /** Keys it shares with other steps of its flow. */
  readonly joins: readonly string[];
}

/** One login from authorize to token, its refreshes, and what its tokens were used for. */
export interface OAuthFlow {
  readonly state: FlowState;
  /** The step it failed at or was left after; `undefined` when it is complete. */
  readonly stop: FlowStep | undefined;
  /** Oldest to newest, at least one. */
  readonly steps: readonly FlowStep[];
  readonly clientId: string | undefined;
  readonly userId: string | undefined;
  readonly sessions: readonly string[];
  readonly clientIps: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * Makes a flow of its entries.
 *
 * @param entries oldest to newest, at least one
 * @param abandonedBefore epoch milliseconds: an unfinished flow whose last step is older is abandoned
 */
export function flowOf(entries: readonly Entry[], abandonedBefore: number): OAuthFlow {
  const steps = entries.map(stepOf);
  const [first, last] = [steps[0] as FlowStep, steps.at(-1) as FlowStep];
  const failure = failureOf(steps);
  const isComplete = steps.some(completes);
  const state =
    failure !== undefined
      ? 'failed'
      : isComplete
        ? 'complete'
        : last.at < abandonedBefore
          ? 'abandoned'
          : 'open';
  const isClient = ({ name }: FlowStep) => name !== 'validate' && name !== 'introspect';
  return {
    state,
    stop: failure ?? (isComplete ? undefined : last),
    steps,
    clientId: (
      steps.find((step) => step.entry.client_id && isClient(step)) ?? steps.find((s) => s.entry.client_id)
    )?.entry.client_id,
    userId: steps.findLast(({ entry }) => entry.user_id !== undefined)?.entry.user_id,
    sessions: [...new Set(steps.flatMap(({ entry }) => entry.session_id ?? []))],
    clientIps: [...new Set(steps.flatMap(({ entry }) => entry.client_ip ?? []))],
    startedAt: first.at,
    endedAt: last.at,
  };
}

function stepOf(entry: Entry): FlowStep {
  return {
    entry,
    name: entry.event?.slice(OAUTH_EVENT_PREFIX.length) ?? '',
    at: entry.timestamp,
    outcome: entry.outcome,
    details: oauthDetailsOf(entry),
    joins: oauthJoinsOf(entry),
  };
}

/** The step the flow failed at in the end. Of failures in a row that is the first: the others follow from it. */
function failureOf(steps: readonly FlowStep[]): FlowStep | undefined {
  const isLasting = (step: FlowStep, place: number) =>
    step.outcome === 'failure' && !isMended(step, steps.slice(place + 1));
  let place = steps.findLastIndex(isLasting);
  while (place > 0 && isLasting(steps[place - 1] as FlowStep, place - 1)) place--;
  return steps[place];
}

/** Steps a person goes through; a later success mends an earlier failure. */
const WAY: readonly string[] = ['par', 'authorize', 'login', 'consent', 'device', 'callback', 'token'];
/** Steps that leave a login unfinished. */
const UNFINISHED: ReadonlySet<string> = new Set([
  'par',
  'authorize',
  'login',
  'consent',
  'device',
  'callback',
]);

function isMended(failure: FlowStep, later: readonly FlowStep[]): boolean {
  const place = WAY.indexOf(failure.name);
  return later.some(({ name, outcome, entry }) => {
    if (outcome !== 'success') return false;
    if (place !== -1) return WAY.indexOf(name) >= place;
    if (name === 'refresh' && failure.name !== 'refresh') return hasEnded(failure);
    return name === failure.name && entry.component === failure.entry.component;
  });
}

/** Whether the token had expired: then a refresh is the normal way on, and mends the failure. */
export function hasEnded({ details, at }: FlowStep): boolean {
  const { claims, checked_at: checkedAt = at / 1000 } = details;
  return claims?.exp !== undefined && claims.exp <= checkedAt && claims.exp <= at / 1000;
}

function completes({ name, outcome, details, entry }: FlowStep): boolean {
  if (!UNFINISHED.has(name)) return outcome !== 'failure' && details.error === undefined;
  // A request is logged when it is answered: the exchange is behind it, and often in a body nobody logs.
  if (entry.kind === 'request') return outcome === 'success' && details.error === undefined;
  const { response_type: type } = details;
  return name === 'authorize' && outcome === 'success' && type !== undefined && !type.includes('code');
}
