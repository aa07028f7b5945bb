import type { DamagedFile } from '../verify.js';

/** Runs reads of files past those that are damaged. */
export interface DamageGuard {
  /** Why reads lack entries; `undefined` when no file is known to be damaged. */
  readonly reason: string | undefined;
  /** Names of the files that are known to be damaged. */
  readonly names: ReadonlySet<string>;
  /**
   * Runs a read. Where it fails because files were replaced meanwhile, it is run once more. Where it fails otherwise, all files
   * are compared with what they were sealed as; if some are damaged they are left out from then on, and it is run once more.
   *
   * @throws what the read throws when no file is to blame
   */
  run<Result>(read: () => Promise<Result>): Promise<Result>;
}

/**
 * @param generation of the files
 * @param findDamaged compares the files that count, all but some
 * @param report is told of each damaged file, once
 */
export function createDamageGuard(
  generation: () => number,
  findDamaged: (known: ReadonlySet<string>) => Promise<readonly DamagedFile[]>,
  report: (text: string) => void,
): DamageGuard {
  const names = new Set<string>();
  return {
    names,
    get reason() {
      if (names.size === 0) return undefined;
      return `entries are missing of damaged files: ${[...names].join(', ')}`;
    },
    async run(read) {
      const before = generation();
      try {
        return await read();
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') throw error;
        if (generation() !== before) return read();
        const damaged = await findDamaged(names);
        if (damaged.length === 0) throw error;
        for (const { name, reason } of damaged) {
          names.add(name);
          report(`archive: ${name} is damaged and left out: ${reason}`);
        }
        return read();
      }
    },
  };
}

/** The same functions, each run past damaged files. */
export function guarded<Reads extends object>(reads: Reads, guard: DamageGuard): Reads {
  const wrapped = Object.entries(reads).map(([name, read]) => [
    name,
    (...args: unknown[]) => guard.run(() => read(...args)),
  ]);
  return Object.fromEntries(wrapped) as Reads;
}
