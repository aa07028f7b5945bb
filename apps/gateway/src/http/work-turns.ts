/** Lets so many pieces of work be done at once; the others wait, and go on in the order in which they came. */
export interface WorkTurns {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** @see WorkTurns */
export function createWorkTurns(maxAtOnce: number): WorkTurns {
  const waiting: (() => void)[] = [];
  let working = 0;
  return {
    async run(work) {
      if (working < maxAtOnce) working += 1;
      else await new Promise<void>((goOn) => waiting.push(goOn));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) working -= 1;
        else next();
      }
    },
  };
}
