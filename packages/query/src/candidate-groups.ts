import {
  DAY_MS,
  type Filter,
  type IndexName,
  indexNamed,
  indexRetention,
  type Keyspace,
  LEVEL_NAMES,
  type Level,
  levelsFrom,
  NO_VALUE,
  REQUEST_COMPONENT,
  type RetentionClass,
  type RetentionDays,
  type StatusRange,
  statusesOfLevel,
  type TimeWindow,
  traceBucket,
} from '@tailrace/schema';

/** One sorted set of an index, and the lowest score that counts in it. */
export interface IndexKey {
  readonly key: string;
  readonly from: number;
}

/** Sorted sets that together hold every entry in the window for which one part of the search holds. */
export interface CandidateGroup {
  readonly keys: readonly IndexKey[];
  /** The keys hold the matches of the whole search, nothing else and none twice: their counts add up to its total. */
  readonly isAnswer: boolean;
}

/** What the groups of a search follow from. */
export interface GroupContext {
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly window: TimeWindow;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One sorted set of an index by its name and value. */
type IndexValue = readonly [name: IndexName, value: string];

/** Where the entries of each filter are found. A filter that is not here, or `undefined`, has no index. */
const INDEX_OF: {
  readonly [F in keyof Filter]?: (value: NonNullable<Filter[F]>) => IndexValue[] | undefined;
} = {
  ip: (value) => [['ip', value]],
  fqdn: (value) => [['fqdn', value]],
  host: (value) => [['host', value]],
  hostname: (value) => [
    ['fqdn', value],
    ['host', value],
  ],
  user: (value) => [['user', value]],
  session: (value) => [['session', value]],
  client: (value) => [['client', value]],
  trace: (value) => [['trace', traceBucket(value)]],
  component: (value) => (value === REQUEST_COMPONENT ? undefined : [['component', value]]),
  event: (value) => {
    if (value.endsWith('*')) return undefined;
    return [[value.startsWith('oauth.') ? 'oauth' : 'event', value]];
  },
  level: levelValues,
  min_level: (value) => levelsFrom(value).flatMap(levelValues),
  status: statusValues,
  object: (value) => [['object', value]],
};

/** A request whose status says its level is in no level index, and the status index stands for it. */
function levelValues(level: Level): IndexValue[] {
  const statuses = statusesOfLevel(level);
  return [['level', level], ...(statuses === undefined ? [] : statusValues(statuses))];
}

function statusValues({ from, to }: StatusRange): IndexValue[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ['status', String(from + i)]);
}

/**
 * Filters whose keys hold more than the matches (`trace`: others of its bucket; `level`: requests whose writer gave them
 * another level than their status has) or one entry twice (`hostname`).
 */
const INEXACT: ReadonlySet<string> = new Set(['trace', 'hostname', 'level', 'min_level']);

/**
 * The groups of sorted sets a search needs: an entry that matches is in every one of them. Without any filter that
 * has an index it is all entries, by level and status.
 */
export function candidateGroups(
  filter: Filter,
  errorsOnly: boolean,
  context: GroupContext,
): CandidateGroup[] {
  const conditions = Object.entries(filter).filter(([, value]) => value !== undefined);
  const count = conditions.length + (errorsOnly ? 1 : 0);
  const groups: CandidateGroup[] = [];
  if (errorsOnly) groups.push(groupOf([['errors', NO_VALUE]], count === 1, context));
  for (const [field, value] of conditions) {
    const indexOf = INDEX_OF[field as keyof Filter] as
      | ((value: unknown) => IndexValue[] | undefined)
      | undefined;
    const values = indexOf?.(value);
    if (values !== undefined) groups.push(groupOf(values, count === 1 && !INEXACT.has(field), context));
  }
  return groups.length > 0 ? groups : [groupOf(EVERY_ENTRY, false, context)];
}

const EVERY_ENTRY = LEVEL_NAMES.flatMap(levelValues);

function groupOf(values: readonly IndexValue[], isAnswer: boolean, context: GroupContext): CandidateGroup {
  const { keyspace, retentionDays, window, now } = context;
  const keys = new Map<string, IndexKey>();
  const oldestOf = (retention: RetentionClass) => now - retentionDays[retention] * DAY_MS;
  const add = (key: string, retention: RetentionClass) =>
    keys.set(key, { key, from: Math.max(window.from, oldestOf(retention)) });
  let isComplete = true;
  for (const [name, value] of values) {
    const spec = indexNamed(name);
    const retention = indexRetention(spec, value);
    add(keyspace.index(spec, value), retention);
    if (window.from >= oldestOf(retention)) continue;
    isComplete = false;
    if (spec.keptByClass) {
      for (const longer of LONGER_CLASSES) add(keyspace.classIndex(longer, spec, value), longer);
    } else {
      // Not kept by class: older errors and audit entries are found among all of their kind.
      add(keyspace.index(indexNamed('errors'), NO_VALUE), 'errors');
      add(keyspace.index(indexNamed('level'), 'AUDIT'), 'audit');
    }
  }
  return { keys: [...keys.values()], isAnswer: isAnswer && isComplete };
}

/** Classes of entries that may be kept longer than `requests`. */
const LONGER_CLASSES = ['errors', 'oauth', 'audit'] as const satisfies readonly RetentionClass[];
