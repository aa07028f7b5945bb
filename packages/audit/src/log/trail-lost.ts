/** What the hash of a leaf says that stands for no entry: the trail of its shard was lost there. */
export const TRAIL_LOST = 'trail-lost';
