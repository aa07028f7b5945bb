import { clearInterval, clearTimeout, setInterval, setTimeout } from '../real-timers.js';

/** How often a pause asks whether it is over. */
const LOOK_MS = 50;

/** Waits that never keep the process alive and that can be cut short. */
export class Pauses {
  readonly #wakes = new Set<() => void>();
  #isStopped = false;

  /** Whether {@link Pauses.stop} was called: whoever waits in a loop ends it. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Resolves after `ms` milliseconds, or when it is cut short.
   *
   * @param isOver also ends it, and is asked every {@link LOOK_MS}
   */
  pause(ms: number, isOver?: () => boolean): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        clearInterval(look);
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      timer.unref();
      const look = isOver && setInterval(() => isOver() && wake(), LOOK_MS);
      look?.unref();
      this.#wakes.add(wake);
    });
  }

  /** Ends every wait now. */
  wake(): void {
    for (const wake of this.#wakes) wake();
  }

  /** Ends every wait, now and from now on. */
  stop(): void {
    this.#isStopped = true;
    this.wake();
  }
}
