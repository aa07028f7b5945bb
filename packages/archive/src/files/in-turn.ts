/** Runs pieces of work one after the other, in the order they were given. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** @see InTurn */
export function createInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
