import type { Redis } from 'ioredis';

/** Shorter calls are not remembered, in microseconds: no search is slower for being watched. */
const REMEMBERED_FROM_US = 500;
/** Calls remembered between two looks. */
const MAX_REMEMBERED = 50_000;

/** Lets a server remember how long calls of scripts held it, from now on. */
export async function watchScripts(redis: Redis): Promise<void> {
  await redis.config('SET', 'slowlog-log-slower-than', REMEMBERED_FROM_US);
  await redis.config('SET', 'slowlog-max-len', MAX_REMEMBERED);
  await redis.slowlog('RESET');
}

/** A call that was made less often says too little: any of them may have been interrupted. */
const MIN_REPEATED = 3;

/** How long calls of scripts held the server since the last look, in milliseconds. */
export interface ScriptTimes {
  /**
   * Of calls with the same arguments the shortest, of these the longest: the time in which another process had the core is in
   * one call and not in the same call each time.
   */
  readonly longestOfRepeated: number;
  /** The longest of all. */
  readonly longest: number;
}

/** What is 0 was below {@link REMEMBERED_FROM_US}. */
export async function scriptTimes(redis: Redis): Promise<ScriptTimes> {
  const calls = (await redis.slowlog('GET', -1)) as [id: number, at: number, us: number, args: string[]][];
  await redis.slowlog('RESET');
  const times = new Map<string, number[]>();
  for (const [, , us, args] of calls) {
    if (!/^eval/i.test(args[0] ?? '')) continue;
    const call = args.join(' ');
    const own = times.get(call);
    if (own === undefined) times.set(call, [us / 1_000]);
    else own.push(us / 1_000);
  }
  const repeated = [...times.values()].filter(({ length }) => length >= MIN_REPEATED);
  return {
    longestOfRepeated: Math.max(0, ...repeated.map((own) => Math.min(...own))),
    longest: Math.max(0, ...[...times.values()].flat()),
  };
}
