import { Intake, type IntakeOptions, type Line } from '@tailrace/intake';

const DAY_MS = 86_400_000;
/** The gateway takes nothing dated further ahead. */
const MAX_AHEAD_MS = DAY_MS;
/** Lines so far behind all others that hardly any are: a clock was wrong. */
const LONE_GAP_DAYS = 30;
const LONE_SHARE = 0.01;

/** Looks for the newest time of an input that is to be moved to now. */
export class NewestTime {
  readonly #now: number;
  /** Newest time and count of lines by day. */
  readonly #days = new Map<number, { newest: number; count: number }>();

  /** @param now epoch milliseconds */
  constructor(now: number) {
    this.#now = now;
  }

  /** Looks at all lines of a file. */
  async addLines(lines: AsyncIterable<Line>, options: IntakeOptions): Promise<void> {
    const intake = new Intake(options);
    for await (const line of lines) this.#add(intake.push(line));
    this.#add(intake.end());
  }

  /**
   * The newest time, `undefined` when no line has one. Times ahead of now are passed over if there are others, and so are
   * a few lines a month and more behind the rest: one line dated 2036 must not move all others out of reach.
   */
  value(): number | undefined {
    const days = [...this.#days].sort(([a], [b]) => a - b);
    const past = days.filter(([, { newest }]) => newest <= this.#now + MAX_AHEAD_MS);
    const kept = past.length > 0 ? past : days;
    const total = kept.reduce((sum, [, { count }]) => sum + count, 0);
    let behind = 0;
    for (let i = kept.length - 1; i > 0; i -= 1) {
      const [[day, { count }], [before]] = [kept[i], kept[i - 1]] as [
        (typeof kept)[number],
        (typeof kept)[number],
      ];
      behind += count;
      if (behind > total * LONE_SHARE) break;
      if (day - before > LONE_GAP_DAYS) return this.#newest(kept.slice(0, i));
    }
    return this.#newest(kept);
  }

  #newest(days: readonly (readonly [number, { readonly newest: number }])[]): number | undefined {
    return days.at(-1)?.[1].newest;
  }

  #add(outcomes: ReturnType<Intake['push']>): void {
    for (const outcome of outcomes) {
      const time = 'entry' in outcome ? outcome.entry.timestamp : undefined;
      if (time === undefined) continue;
      const day = Math.floor(time / DAY_MS);
      const known = this.#days.get(day);
      if (known === undefined) this.#days.set(day, { newest: time, count: 1 });
      else {
        known.count += 1;
        if (time > known.newest) known.newest = time;
      }
    }
  }
}
