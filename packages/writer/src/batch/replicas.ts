import { isReply } from '@tailrace/redis/without-client';
import type { Redis } from 'ioredis';

/** Longest wait for replicas: what is sent behind waits as long. */
const WAIT_MS = 500;

/** The replicas of the server a connection leads to, as far as it says. */
export class Replicas {
  /** How many are in step with their master. */
  #online = 0;
  /** Whether there ever were any. Where they have gone, one may have taken its master's place, which does not know yet. */
  #hadAny = false;

  /** Asks how many there are. A server that does not say is taken for one without replicas. */
  async look(redis: Redis): Promise<void> {
    const info = await redis.info('replication').catch(() => '');
    this.#online = [...info.matchAll(/^slave\d+:.*state=online/gm)].length;
    this.#hadAny ||= this.#online > 0;
  }

  /**
   * Waits until the replicas have all that was written over this connection before. Where there were none, it looks whether one
   * has come: it was sent what was written before, or is being sent it.
   *
   * @returns whether they have, or there never were any; where one of several is gone, whether the others have
   * @throws what the connection throws
   */
  async haveAll(redis: Redis): Promise<boolean> {
    if (this.#online === 0) await this.look(redis);
    if (this.#online === 0) return !this.#hadAny;
    if (await this.#haveAll(redis)) return true;
    await this.look(redis);
    return this.#online > 0 && (await this.#haveAll(redis));
  }

  async #haveAll(redis: Redis): Promise<boolean> {
    try {
      return (await redis.wait(this.#online, WAIT_MS)) >= this.#online;
    } catch (error) {
      if (!isReply(error)) throw error;
      // Who may not ask can confirm nothing.
      this.#online = 0;
      this.#hadAny = false;
      return true;
    }
  }
}
