import { bucketOf, type Entry, valueOfBucket } from '@tailrace/schema';
import { fingerprintOf } from '../errors/fingerprint.js';
import { normalText } from '../errors/normal-message.js';
import type { AlertRule, Measure } from '../rules/alert-rule.js';
import { fieldReader, groupReader, numberOf } from '../rules/entry-value.js';
import { measuredCheck } from '../rules/measured-entry.js';

/** Different values a group counts in one slot; past them it says "at least". */
export const MAX_DISTINCT = 10_000;
/** OAuth entries of a slot that are kept, the last that are read. */
export const MAX_OAUTH_ENTRIES = 5_000;
/** Groups a slot counts one by one. Entries of further ones are in no group. */
const MAX_SLOT_GROUPS = 10_000;

/** What is known of the entries of one group in one slot. Tallies of several slots add up. */
export interface Tally {
  /** Entries that match the rule's filter. */
  count: number;
  /** Of `ratio`: those that match `of`. Otherwise those that have a value. */
  valued: number;
  sum: number;
  max: number;
  min: number;
  /** Of `percentile`: how many values are in each log bucket. */
  buckets: Map<number, number> | undefined;
  /** Of `distinct`: the values; of `new_errors`, `regressed_errors` and `new_patterns`: fingerprints and texts. */
  values: Set<string> | undefined;
  /** Of `oauth_diagnosis`: the entries. */
  entries: Entry[] | undefined;
}

/** The tallies of a slot by group. */
export type Slot = ReadonlyMap<string, Tally>;

/** @see slotTaker */
export type TakeEntry = (slot: Map<string, Tally>, entry: Entry) => void;

/** Makes the function that adds an entry to its slot; whether the entry matches is decided before. */
export function slotTaker(rule: AlertRule): TakeEntry {
  // Flows are put into groups when they are joined.
  const groupOf = groupReader(rule.measure === 'oauth_diagnosis' ? [] : rule.groupBy);
  const isMeasured = measuredCheck(rule);
  const add = adderOf(rule);
  return (slot, entry) => {
    if (!isMeasured(entry)) return;
    const group = groupOf(entry);
    let tally = slot.get(group);
    if (tally === undefined) {
      if (slot.size >= MAX_SLOT_GROUPS) return;
      tally = emptyTally();
      slot.set(group, tally);
    }
    tally.count += 1;
    add?.(tally, entry);
  };
}

/** The sum of tallies, each group by itself. */
export function sumOfSlots(slots: readonly (Slot | undefined)[]): Map<string, Tally> {
  const sums = new Map<string, Tally>();
  for (const slot of slots) {
    for (const [group, tally] of slot ?? []) {
      const sum = sums.get(group);
      if (sum === undefined) sums.set(group, addTally(emptyTally(), tally));
      else addTally(sum, tally);
    }
  }
  return sums;
}

/** The value of a percentile among log buckets, within their 1 % of relative error; null without values. */
export function percentileOf(
  buckets: ReadonlyMap<number, number> | undefined,
  percentile: number,
): number | null {
  const sorted = [...(buckets ?? [])].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil((percentile / 100) * total));
  let below = 0;
  for (const [bucket, count] of sorted) {
    below += count;
    if (below >= rank) return valueOfBucket(bucket);
  }
  return null;
}

function adderOf({ measure, of, field }: AlertRule): ((tally: Tally, entry: Entry) => void) | undefined {
  if (measure === 'ratio') {
    return (tally, entry) => {
      if (of?.matches(entry)) tally.valued += 1;
    };
  }
  if (measure === 'new_errors' || measure === 'regressed_errors')
    return (tally, entry) => addValue(tally, fingerprintOf(entry).id);
  if (measure === 'new_patterns') {
    const texts = new Map<string, string>();
    return (tally, entry) => addValue(tally, oneOf(texts, normalText(entry)));
  }
  if (measure === 'oauth_diagnosis') {
    return (tally, entry) => {
      tally.entries ??= [];
      if (tally.entries.length < MAX_OAUTH_ENTRIES) tally.entries.push(entry);
    };
  }
  const read = fieldReader(field);
  if (measure === 'distinct') {
    return (tally, entry) => {
      const value = read(entry);
      if (value === undefined || value === null) return;
      addValue(tally, typeof value === 'object' ? JSON.stringify(value) : String(value));
    };
  }
  if (COUNTED.includes(measure)) return undefined;
  return (tally, entry) => {
    const value = numberOf(read(entry));
    if (value === undefined) return;
    tally.valued += 1;
    tally.sum += value;
    tally.max = Math.max(tally.max, value);
    tally.min = Math.min(tally.min, value);
    if (measure !== 'percentile') return;
    tally.buckets ??= new Map();
    const bucket = bucketOf(value);
    tally.buckets.set(bucket, (tally.buckets.get(bucket) ?? 0) + 1);
  };
}

/** Measures for which entries are only counted. */
const COUNTED: readonly Measure[] = ['count', 'rate', 'absence', 'change', 'breakglass'];

function addValue(tally: Tally, value: string): void {
  tally.valued += 1;
  tally.values ??= new Set();
  if (tally.values.size < MAX_DISTINCT) tally.values.add(value);
}

/** The same text as one string, however many slots hold it. */
function oneOf(texts: Map<string, string>, text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < MAX_DISTINCT) texts.set(text, text);
  return text;
}

function emptyTally(): Tally {
  return {
    count: 0,
    valued: 0,
    sum: 0,
    max: Number.NEGATIVE_INFINITY,
    min: Number.POSITIVE_INFINITY,
    buckets: undefined,
    values: undefined,
    entries: undefined,
  };
}

function addTally(to: Tally, { count, valued, sum, max, min, buckets, values }: Tally): Tally {
  to.count += count;
  to.valued += valued;
  to.sum += sum;
  to.max = Math.max(to.max, max);
  to.min = Math.min(to.min, min);
  if (buckets !== undefined) {
    to.buckets ??= new Map();
    for (const [bucket, n] of buckets) to.buckets.set(bucket, (to.buckets.get(bucket) ?? 0) + n);
  }
  if (values !== undefined) {
    to.values ??= new Set();
    for (const value of values) if (to.values.size < MAX_DISTINCT) to.values.add(value);
  }
  return to;
}
