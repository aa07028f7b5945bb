/**
 * The shard an entry belongs to: by its client IP, so that one client lives on one shard, else by its trace id.
 *
 * @param shards how many shards there are, from 1
 * @returns `undefined`: it may go to any
 */
export function shardOf(
  {
    client_ip: ip,
    trace_id: trace,
  }: { readonly client_ip?: string | undefined; readonly trace_id?: string | undefined },
  shards: number,
): number | undefined {
  const value = ip ?? trace;
  return value === undefined ? undefined : hashOf(value) % shards;
}

/** The shard whose tag an id begins with; `undefined` for an id of one server. */
export function shardOfId(id: string): number | undefined {
  const tag = /^\{s(\d{1,5})\}:/.exec(id)?.[1];
  return tag === undefined ? undefined : Number(tag);
}

/** FNV-1a with the last step of MurmurHash3, so that the low bits depend on all letters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Entries were stored in another number of shards: whoever takes another one looks for them in the wrong place. */
export class ShardCountError extends Error {
  override readonly name = 'ShardCountError';
  readonly code = 'storage_version';
  /** What `settings:shards` says. */
  readonly version: string;

  constructor(stored: string, own: number) {
    super(
      `what is stored in the Cluster is in ${stored} shards, and REDIS_URL asks for ${own}; allowed: ?shards=${stored} at the end of the URL, another Cluster or another key prefix`,
    );
    this.version = `${stored} shards`;
  }
}
