/** Relative error of a percentile read from the buckets: at most 1 %. */
export const RELATIVE_ERROR = 0.01;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Smallest value told apart from zero, in the unit of the values (here: milliseconds). */
const MIN_VALUE = 0.001;

/**
 * The log bucket of a value (DDSketch, Masson et al. 2019): bucket `i` covers `(γ^(i-1), γ^i]`, so bucket counts of
 * any number of histograms can be added up. Zero and less go to the bucket of 0.001.
 */
export function bucketOf(value: number): number {
  return Math.ceil(Math.log(Math.max(value, MIN_VALUE)) / LOG_GAMMA);
}

/** Buckets of durations in milliseconds: as short as can be told from zero, and as long as an entry may have. */
export const BUCKETS = { lowest: bucketOf(0), highest: bucketOf(1e9) } as const;

/** The value a bucket stands for: within {@link RELATIVE_ERROR} of every value in it. */
export function valueOfBucket(bucket: number): number {
  return (2 * GAMMA ** bucket) / (GAMMA + 1);
}
