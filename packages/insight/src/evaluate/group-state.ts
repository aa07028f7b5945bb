import type { AlertRule } from '../rules/alert-rule.js';
import { isBreach, type WindowValue } from './window-values.js';

/** Where a group of a rule stands. A group that is not there is ok. Windows are numbers. */
export interface GroupState {
  readonly state: 'pending' | 'firing' | 'resolved';
  /** The window its episode began with: the first that was wrong. It names the episode. */
  readonly episode: number;
  /** The window it began to fire in. */
  readonly fired?: number;
  /** The last window that was wrong. */
  readonly last: number;
  /** The window it was resolved in. */
  readonly resolved?: number;
  /** The newest value; null: no data. */
  readonly value: WindowValue;
  /** It is about data that is missing. */
  readonly isNoData: boolean;
  /** Somebody was told that it fires. */
  readonly isNotified: boolean;
  /** It was found by entries that came late. */
  readonly isLate?: true;
  /** A person resolved it: it begins no new episode before a window was right. */
  readonly isHeld?: true;
}

/** What a window did to a group. */
export interface GroupStep {
  /** `undefined`: ok, and nothing to remember. */
  readonly state: GroupState | undefined;
  readonly transition: 'firing' | 'resolved' | undefined;
}

/** Takes a group through one window. Windows come one after the other, each once. */
export function stepGroup(
  rule: AlertRule,
  before: GroupState | undefined,
  window: number,
  value: WindowValue,
): GroupStep {
  const wrong = wrongOf(rule, before, value);
  if (before === undefined || before.state === 'resolved')
    return fromQuiet(rule, before, window, value, wrong);
  if (wrong === 'no') {
    if (before.state === 'pending') return { state: undefined, transition: undefined };
    const quietMs = (window - before.last) * rule.everyMs;
    if (quietMs < rule.keepFiringForMs) return { state: { ...before, value }, transition: undefined };
    return { state: { ...before, state: 'resolved', resolved: window, value }, transition: 'resolved' };
  }
  if (wrong === 'as before') return { state: { ...before, value }, transition: undefined };
  const isNoData = wrong === 'no data';
  if (before.state === 'firing')
    return { state: { ...before, last: window, value, isNoData }, transition: undefined };
  const episode = before.isNoData === isNoData ? before.episode : window;
  return whenLongEnough(rule, { ...before, episode, last: window, value, isNoData }, window);
}

type Wrong = 'no' | 'yes' | 'no data' | 'as before';

function wrongOf(rule: AlertRule, before: GroupState | undefined, value: WindowValue): Wrong {
  if (value !== null) return isBreach(rule, value) ? 'yes' : 'no';
  if (rule.noData === 'alert') return 'no data';
  const isActive = before !== undefined && before.state !== 'resolved';
  return rule.noData === 'keep' && isActive ? 'as before' : 'no';
}

function fromQuiet(
  rule: AlertRule,
  before: GroupState | undefined,
  window: number,
  value: WindowValue,
  wrong: Wrong,
): GroupStep {
  const isWrong = wrong === 'yes' || wrong === 'no data';
  const isHeld = before?.isHeld === true && isWrong;
  const isCooling =
    before?.resolved !== undefined && (window - before.resolved) * rule.everyMs < rule.cooldownMs;
  if (before !== undefined && (isHeld || isCooling)) {
    const { isHeld: _, ...rest } = before;
    return { state: { ...rest, value, ...(isHeld && { isHeld }) }, transition: undefined };
  }
  if (!isWrong) return { state: undefined, transition: undefined };
  const fresh: GroupState = {
    state: 'pending',
    episode: window,
    last: window,
    value,
    isNoData: wrong === 'no data',
    isNotified: false,
  };
  return whenLongEnough(rule, fresh, window);
}

function whenLongEnough(rule: AlertRule, pending: GroupState, window: number): GroupStep {
  const neededMs = pending.isNoData ? rule.noDataForMs : rule.forMs;
  if ((window - pending.episode) * rule.everyMs < neededMs) return { state: pending, transition: undefined };
  return { state: { ...pending, state: 'firing', fired: window }, transition: 'firing' };
}
