/** Work that is done again and again. */
export interface Repeated {
  stop(): void;
  /** The run that is under way. */
  last(): Promise<void>;
}

/** Runs some work again and again, never twice at once. */
export function every(ms: number, work: () => Promise<void>): Repeated {
  let last: Promise<void> = Promise.resolve();
  let isStopped = false;
  let timer = setTimeout(run, ms);
  timer.unref();
  function run() {
    last = work()
      .catch(() => undefined)
      .finally(() => {
        if (isStopped) return;
        timer = setTimeout(run, ms);
        timer.unref();
      });
  }
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
    last: () => last,
  };
}
