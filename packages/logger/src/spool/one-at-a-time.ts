/** Runs tasks one after the other, in the order they were given. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();
  #open = 0;

  /** Whether no task runs or waits. */
  get isIdle(): boolean {
    return this.#open === 0;
  }

  /** Resolves or rejects as the task does; a task that fails does not stop the next. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#open++;
    const result = this.#last.then(task).finally(() => this.#open--);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
