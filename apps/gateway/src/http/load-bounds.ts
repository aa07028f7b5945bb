import { LOADS, type Load } from '@tailrace/api';
import { RequestError } from './errors/request-error.js';

/** How many requests of each kind are answered at once. */
export type MaxAtOnce = Readonly<Record<Load, number>>;

/** @default how many requests of each kind are answered at once */
export const DEFAULT_MAX_AT_ONCE: MaxAtOnce = { search: 128, join: 32, export: 16, follow: 1_000 };
/** @default percent of each that one client may have */
export const DEFAULT_MAX_CLIENT_SHARE = 25;

/** Seconds after which a client that was refused should ask again. */
const RETRY_AFTER_S = 1;

const SETTINGS: Readonly<Record<Load, string>> = {
  search: 'MAX_SEARCHES',
  join: 'MAX_JOINS',
  export: 'MAX_EXPORTS',
  follow: 'MAX_FOLLOWERS',
};

/** Bounds how many requests of each kind are answered at once, in all and to one client. */
export interface LoadBounds {
  /**
   * Takes a place.
   *
   * @param client its address
   * @returns gives the place back; more than once is once
   * @throws RequestError when all places are taken, or all that one client may have.
   */
  take(load: Load, client: string): () => void;
}

/** @see LoadBounds */
export function createLoadBounds(maxAtOnce: MaxAtOnce, maxClientShare: number): LoadBounds {
  const taken = Object.fromEntries(
    LOADS.map((load) => [load, { all: 0, byClient: new Map<string, number>() }]),
  ) as Record<Load, { all: number; readonly byClient: Map<string, number> }>;

  return {
    take(load, client) {
      const max = maxAtOnce[load];
      const maxOfClient = Math.ceil((max * maxClientShare) / 100);
      const places = taken[load];
      const ofClient = places.byClient.get(client) ?? 0;
      if (places.all >= max) throw full(`${max} such requests are answered now`, SETTINGS[load]);
      if (ofClient >= maxOfClient) {
        throw full(
          `${maxOfClient} such requests of this address are answered now`,
          `MAX_CLIENT_SHARE of ${SETTINGS[load]}`,
        );
      }
      places.all += 1;
      places.byClient.set(client, ofClient + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        places.all -= 1;
        const left = (places.byClient.get(client) as number) - 1;
        if (left === 0) places.byClient.delete(client);
        else places.byClient.set(client, left);
      };
    },
  };
}

function full(what: string, setting: string): RequestError {
  const message = `${what}, which is all that ${setting} allows; try again soon`;
  return new RequestError('too_many_requests', message, undefined, { retryAfterS: RETRY_AFTER_S });
}
