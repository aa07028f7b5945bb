import { type Archive, composeReader } from '@tailrace/archive';
import {
  type Clear,
  clearScope,
  createClear,
  createOAuthFlowsOf,
  createReader,
  createShardedClear,
  createShardedReader,
  createStatisticsOf,
  type LogReader,
  type OAuthFlows,
  patientFlows,
  patientStatistics,
  type Shard,
  type Statistics,
} from '@tailrace/query';
import { HOUR_MS, type RetentionDays, type TimeWindow } from '@tailrace/schema';

/** What the gateway answers questions with. */
export interface Reading {
  readonly reader: LogReader;
  readonly statistics: Statistics;
  readonly oauthFlows: OAuthFlows;
  readonly clear: Clear;
}

/** @see openReading */
export interface ReadingOptions {
  /** All of them; one server is one shard. */
  readonly shards: readonly Shard[];
  readonly retentionDays: RetentionDays;
  /** @default Redis alone is read */
  readonly archive: Archive | undefined;
}

/** Makes what reads Redis, and with it the archive where there is one. */
export function openReading({ archive, shards, retentionDays }: ReadingOptions): Reading {
  const parts = shards.map((shard) => ({
    ...shard,
    retentionDays,
    reader: createReader({ ...shard, retentionDays }),
  }));
  const readers = parts.map(({ reader }) => reader);
  const clears = parts.map(createClear);
  // A cluster has no archive.
  if (shards.length > 1) return openShards(shards, readers, clears, retentionDays);
  const [hot, clear] = [readers[0] as LogReader, clears[0] as Clear];
  const hotStatistics = createStatisticsOf(shards, { retentionDays, reader: hot });
  if (archive === undefined) {
    const reader = withoutArchive(hot, shards[0] as Shard);
    return { reader, statistics: hotStatistics, oauthFlows: createOAuthFlowsOf(shards, { reader }), clear };
  }
  const reader = composeReader(counted(hot, archive), archive.reader, archive.sides);
  const isHot = (window: TimeWindow) => reader.isHot(window);
  return {
    reader,
    statistics: composeStatistics(hotStatistics, archive, isHot),
    oauthFlows: createOAuthFlowsOf(shards, { reader, isIndexed: isHot }),
    clear: composeClear(clear, archive),
  };
}

/** The shards of a cluster as one. */
function openShards(
  shards: readonly Shard[],
  readers: readonly LogReader[],
  clears: readonly Clear[],
  retentionDays: RetentionDays,
): Reading {
  const reader = createShardedReader(readers);
  return {
    reader,
    statistics: patientStatistics(createStatisticsOf(shards, { retentionDays, reader })),
    oauthFlows: patientFlows(createOAuthFlowsOf(shards, { reader })),
    clear: createShardedClear(clears),
  };
}

/** Seconds for which what Redis says of its archive is believed. */
const BELIEVED_S = 10;

/** Says which pages lack what another gateway has taken out of Redis, into its archive. */
function withoutArchive(hot: LogReader, { redis, keyspace }: Shard): LogReader {
  let hotFrom = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  const hotFromNow = async () => {
    if (performance.now() - readAt < BELIEVED_S * 1_000) return hotFrom;
    hotFrom = Number((await redis.hget(keyspace.archive(), 'hot_from')) ?? 0);
    readAt = performance.now();
    return hotFrom;
  };
  return {
    async search(request, options) {
      const [from, page] = await Promise.all([hotFromNow(), hot.search(request, options)]);
      if (request.window.from >= from) return page;
      const reason = `entries before ${new Date(from).toISOString()} are in the archive of another gateway`;
      return { ...page, partial: true, reason };
    },
    entry: (id) => hot.entry(id),
  };
}

/** Lets the archive know of the reads that are under way, so that it takes nothing away from below them. */
function counted(hot: LogReader, archive: Archive): LogReader {
  return {
    async search(request, options) {
      const end = archive.beginHotRead();
      try {
        return await hot.search(request, options);
      } finally {
        end();
      }
    },
    entry: (id) => hot.entry(id),
  };
}

/** Redis answers where it has every hour that counts; what is scanned there entry by entry, the archive answers as well. */
function composeStatistics(
  hot: Statistics,
  archive: Archive,
  isHot: (window: TimeWindow) => boolean,
): Statistics {
  const cold = archive.statistics;
  const sideOf = ({ from, to }: TimeWindow) =>
    // Counters are of whole hours.
    isHot({ from: Math.floor(from / HOUR_MS) * HOUR_MS, to }) ? hot : cold;
  return {
    summary: (request, options) => sideOf(request.window).summary(request, options),
    events: (window, wanted, options) => sideOf(window).events(window, wanted, options),
    top: (request, options) => sideOf(request.window).top(request, options),
    histogram: (request, options) => sideOf(request.window).histogram(request, options),
    times: (request, options) => (archive.sides().isComplete ? cold : hot).times(request, options),
    slowest: (request, options) => (archive.sides().isComplete ? cold : hot).slowest(request, options),
    facets: (request, options) => (archive.sides().isComplete ? cold : hot).facets(request, options),
    folded: () => hot.folded(),
  };
}

/** Erases from files as well. No read shows what is erased in files when the first progress is told. */
function composeClear(hot: Clear, archive: Archive): Clear {
  return async function* clearBoth(request, { signal, onFiles } = {}) {
    const { filter, window } = clearScope(request, Date.now());
    const letKeep = await archive.pauseKeeping();
    try {
      const erasing = archive.erase(filter, window, signal);
      // What is read from files is without them from here on.
      const first = await erasing.next();
      let inRedis = 0;
      for await (const removed of hot(request, signal === undefined ? {} : { signal })) {
        inRedis = removed;
        yield removed;
      }
      if (first.done) return;
      onFiles?.(first.value);
      // Most entries are in both, and count once.
      for await (const erased of erasing) {
        onFiles?.(erased);
        yield Math.max(inRedis, erased.sealed + erased.unsealed);
      }
    } finally {
      letKeep();
    }
  };
}
