/** Lets callers wait until something is so; it is looked at each time something was settled or is safe. */
export class Progress {
  #waiters: { readonly isSo: () => boolean; readonly resolve: () => void }[] = [];

  /** Resolves at once when it is so already. */
  until(isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ isSo, resolve }));
  }

  /** Something was settled, or is safe in a file. */
  made(): void {
    if (this.#waiters.length === 0) return;
    const done = this.#waiters.filter(({ isSo }) => isSo());
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter));
    for (const { resolve } of done) resolve();
  }
}
