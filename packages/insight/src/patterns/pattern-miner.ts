import { createHash } from 'node:crypto';

/** Messages that differ in their variables only. Times are epoch milliseconds. */
export interface Pattern {
  /** Of the pattern's text: 12 hexadecimal digits. */
  readonly id: string;
  /** `user <number> signed in from <*>` */
  readonly text: string;
  readonly count: number;
  /** Occurrences before the window. */
  readonly before: number;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  /** One message as it was. */
  readonly sample: string;
}

/** @see PatternMiner */
export interface MinerOptions {
  /** Patterns at most; messages of further ones are counted together. @default 2000 */
  readonly maxPatterns?: number;
  /** Part of the words that two messages of a pattern share at least, from 0 to 1. @default 0.5 */
  readonly similarity?: number;
}

const WILDCARD = '<*>';
const MAX_WORDS = 60;
/** First words a node of the tree tells apart; more share one place. */
const MAX_CHILDREN = 100;

/**
 * Mines patterns as messages come: a tree by number of words and first word, as Drain has it (He et al. 2017), after
 * variables that show by themselves were taken out. Memory is bounded, and the same messages in the same order give the same patterns.
 */
export class PatternMiner {
  readonly #maxPatterns: number;
  readonly #similarity: number;
  readonly #tree = new Map<number, Map<string, Cluster[]>>();
  /** Words of messages that were seen lately: most messages are one of few. */
  readonly #seen = new Map<string, Cluster>();
  #count = 0;
  /** Messages of patterns past those that are told apart. */
  overflow = 0;

  constructor({ maxPatterns = 2_000, similarity = 0.5 }: MinerOptions = {}) {
    this.#maxPatterns = maxPatterns;
    this.#similarity = similarity;
  }

  /**
   * @param text as {@link normalText} has it
   * @param sample the message as it was
   * @param options.isBefore it is from before the window
   */
  add(
    text: string,
    sample: string,
    { timestamp, isBefore = false }: { readonly timestamp: number; readonly isBefore?: boolean },
  ): void {
    const cluster = this.#seen.get(text) ?? this.#clusterOf(text, sample);
    if (cluster === undefined) {
      this.overflow += 1;
      return;
    }
    if (isBefore) {
      cluster.before += 1;
      return;
    }
    cluster.count += 1;
    cluster.firstSeen = Math.min(cluster.firstSeen, timestamp);
    cluster.lastSeen = Math.max(cluster.lastSeen, timestamp);
    if (cluster.sample === undefined) cluster.sample = sample;
  }

  /** Most frequent first, then by text. */
  list(): Pattern[] {
    const clusters = [...this.#tree.values()].flatMap((children) => [...children.values()].flat());
    const merged = new Map<string, Cluster>();
    for (const cluster of clusters) {
      const text = cluster.words.join(' ');
      const same = merged.get(text);
      merged.set(text, same === undefined ? cluster : sum(same, cluster));
    }
    return [...merged]
      .map(([text, { count, before, firstSeen, lastSeen, sample, first }]) => ({
        id: createHash('sha256').update(text).digest('hex').slice(0, 12),
        text,
        count,
        before,
        firstSeen: count === 0 ? null : firstSeen,
        lastSeen: count === 0 ? null : lastSeen,
        sample: sample ?? first,
      }))
      .sort((a, b) => b.count - a.count || b.before - a.before || (a.text < b.text ? -1 : 1));
  }

  #clusterOf(text: string, message: string): Cluster | undefined {
    const words = text.split(' ').slice(0, MAX_WORDS);
    const children = this.#tree.get(words.length) ?? new Map<string, Cluster[]>();
    this.#tree.set(words.length, children);
    const first = words[0] ?? '';
    const name = children.has(first) || children.size < MAX_CHILDREN ? first : WILDCARD;
    const clusters = children.get(name) ?? [];
    children.set(name, clusters);
    const cluster = this.#mostSimilar(clusters, words) ?? this.#newCluster(clusters, words, message);
    if (cluster !== undefined && this.#seen.size < this.#maxPatterns) this.#seen.set(text, cluster);
    return cluster;
  }

  #mostSimilar(clusters: readonly Cluster[], words: readonly string[]): Cluster | undefined {
    let best: Cluster | undefined;
    let most = this.#similarity * words.length;
    for (const cluster of clusters) {
      let shared = 0;
      for (let i = 0; i < words.length; i++) if (cluster.words[i] === words[i]) shared += 1;
      if (shared < most || (shared === most && best !== undefined)) continue;
      best = cluster;
      most = shared;
    }
    if (best === undefined) return undefined;
    for (let i = 0; i < words.length; i++) if (best.words[i] !== words[i]) best.words[i] = WILDCARD;
    return best;
  }

  #newCluster(clusters: Cluster[], words: string[], message: string): Cluster | undefined {
    if (this.#count >= this.#maxPatterns) return undefined;
    this.#count += 1;
    const cluster: Cluster = {
      words,
      count: 0,
      before: 0,
      firstSeen: Number.POSITIVE_INFINITY,
      lastSeen: Number.NEGATIVE_INFINITY,
      sample: undefined,
      first: message,
    };
    clusters.push(cluster);
    return cluster;
  }
}

interface Cluster {
  readonly words: string[];
  count: number;
  before: number;
  firstSeen: number;
  lastSeen: number;
  /** The first message of the window, and the first of all. */
  sample: string | undefined;
  readonly first: string;
}

function sum(a: Cluster, b: Cluster): Cluster {
  return {
    ...a,
    count: a.count + b.count,
    before: a.before + b.before,
    firstSeen: Math.min(a.firstSeen, b.firstSeen),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    sample: a.sample ?? b.sample,
  };
}
