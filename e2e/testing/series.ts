/** Whether series run whole, as `.ci/long` has them; otherwise a tenth of each. */
const IS_LONG = process.env.TAILRACE_LONG === '1';

/** How often to repeat what a long series repeats `whole` times. */
export function seriesLength(whole: number): number {
  return IS_LONG ? whole : Math.ceil(whole / 10);
}

/** The seed of a test at random: `TAILRACE_SEED`, or any; it is printed, so that a failure can be run again. */
export function printedSeed(title: string): number {
  const seed = Number(process.env.TAILRACE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`${title}: TAILRACE_SEED=${seed}\n`);
  return seed;
}
