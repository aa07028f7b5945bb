/** How long a refreshed expiry counts. It is longer than the retention by a day, so no key expires meanwhile. */
const REFRESH_INTERVAL_MS = 600_000;

/** A key that expires with its retention class. */
export interface ExpiringKey {
  /** Number of its retention class in the script's table. */
  readonly retention: number;
  /** Generation in which its expiry was refreshed last. */
  refreshedIn: number;
}

/**
 * An expiry is refreshed when the script trims the key and sets its EXPIRE. A writer has that done once in ten minutes and
 * not with every batch: a key remembers the generation it was done in, and a new generation begins when they are over.
 */
export class ExpiryRefresh {
  #generation = 1;
  #since = Number.NEGATIVE_INFINITY;

  /** The generation that counts now. @param now epoch milliseconds */
  generation(now: number): number {
    if (now - this.#since > REFRESH_INTERVAL_MS || now < this.#since) {
      this.#generation++;
      this.#since = now;
    }
    return this.#generation;
  }

  /** From now on every expiry is due. */
  forget(): void {
    this.#since = Number.NEGATIVE_INFINITY;
  }
}

/** What the script is told of a key that is written in this generation: twice its class, and 1 more when its expiry is due. */
export function expiryCode(key: ExpiringKey, generation: number): number {
  const isDue = key.refreshedIn !== generation;
  key.refreshedIn = generation;
  return key.retention * 2 + (isDue ? 1 : 0);
}
