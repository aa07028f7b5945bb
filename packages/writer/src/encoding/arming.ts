/** How long a key counts as armed. Its EXPIRE is longer than its retention by a day, so it never runs out meanwhile. */
const ARM_INTERVAL_MS = 600_000;
/** Added to a class number: the key is armed already. */
const ARMED = 8;

/** A key, as far as arming goes. */
export interface ArmedKey {
  /** Number of its retention class in the script's table. */
  readonly retention: number;
  /** Generation in which it was armed last. */
  armedIn: number;
}

/**
 * A key is armed when the script trims it and sets its EXPIRE. A writer does so once in ten minutes and not with every
 * batch: a key remembers the generation it was armed in, and a new generation begins when they are over.
 */
export class Arming {
  #generation = 1;
  #since = Number.NEGATIVE_INFINITY;

  /** The generation that counts now. @param now epoch milliseconds */
  generation(now: number): number {
    if (now - this.#since > ARM_INTERVAL_MS || now < this.#since) {
      this.#generation++;
      this.#since = now;
    }
    return this.#generation;
  }

  /** From now on no key counts as armed. */
  forget(): void {
    this.#since = Number.NEGATIVE_INFINITY;
  }
}

/** What the script is told of a key that is written in this generation: its class, and whether it is armed already. */
export function classToWrite(key: ArmedKey, generation: number): number {
  const isArmed = key.armedIn === generation;
  key.armedIn = generation;
  return isArmed ? key.retention + ARMED : key.retention;
}
