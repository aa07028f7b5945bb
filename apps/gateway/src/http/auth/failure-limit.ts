import { networkOf } from './address-network.js';

/** Failures an address may have in a window. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Addresses remembered; of more, those that failed first are forgotten. */
const MAX_ADDRESSES = 10_000;

/** Counts what fails, by address. */
export interface FailureLimit {
  /** @returns how many milliseconds the address has to wait; 0 while it is below the limit. */
  count(address: string): number;
}

/**
 * At most 10 failures a minute for an address; IPv6 addresses of one /64 count as one, since whoever has one has all.
 *
 * @param now epoch milliseconds
 */
export function createFailureLimit(now: () => number): FailureLimit {
  const windows = new Map<string, { failures: number; endsAt: number }>();
  return {
    count(address) {
      const time = now();
      const key = networkOf(address);
      const known = windows.get(key);
      const isCurrent = known !== undefined && known.endsAt > time && known.endsAt <= time + WINDOW_MS;
      const window = isCurrent ? known : { failures: 0, endsAt: time + WINDOW_MS };
      if (!isCurrent) {
        windows.delete(key);
        windows.set(key, window);
      }
      window.failures += 1;
      if (windows.size > MAX_ADDRESSES) windows.delete(windows.keys().next().value as string);
      return window.failures > MAX_FAILURES ? window.endsAt - time : 0;
    },
  };
}
