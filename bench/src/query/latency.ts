/** Median and 99th percentile, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Times each client asks. */
const MAX_ROUNDS = 300;
/** A slow query is asked less often, but at least so often. */
const MIN_ROUNDS = 3;
const MAX_MS = 3_000;

/** How long `ask` takes while so many clients ask, each without pause. Asked once before, to warm up. */
export async function latencyOf(ask: Ask, clients: number): Promise<Latency> {
  await ask();
  const samples: number[] = [];
  const client = async (isEnough: () => boolean) => {
    while (!isEnough()) samples.push(await timeOf(ask));
  };
  const isEnough = enough(() => samples.length / clients);
  await Promise.all(Array.from({ length: clients }, () => client(isEnough)));
  return summaryOf(samples);
}

/** How long each takes for one client, asked in turns: what else the machine does is felt by all alike. */
export async function latenciesInTurns(asks: readonly Ask[]): Promise<Latency[]> {
  for (const ask of asks) await ask();
  const samples = asks.map((): number[] => []);
  const isEnough = enough(() => samples[0]?.length ?? 0);
  while (!isEnough()) {
    for (const [i, ask] of asks.entries()) samples[i]?.push(await timeOf(ask));
  }
  return samples.map(summaryOf);
}

/** Anything that asks and waits for the reply. */
export type Ask = () => Promise<unknown>;

function enough(rounds: () => number): () => boolean {
  const started = performance.now();
  return () => rounds() >= MAX_ROUNDS || (rounds() >= MIN_ROUNDS && performance.now() - started > MAX_MS);
}

async function timeOf(ask: Ask): Promise<number> {
  const start = performance.now();
  await ask();
  return performance.now() - start;
}

function summaryOf(samples: number[]): Latency {
  samples.sort((a, b) => a - b);
  return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
