/** Shards of a cluster, unless the URL says otherwise: more than masters, so that whole shards move between them. */
export const DEFAULT_SHARDS = 16;

/** Most shards there can be: slots of a cluster. */
export const MAX_SHARDS = 16_384;

/** An address of a node. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** A Redis Cluster or Valkey Cluster, and how its nodes are found. */
export interface ClusterPlace {
  /** Nodes that are asked for the others. */
  readonly nodes: readonly NodeAddress[];
  /** Where a node is reached that says `host:port` of itself. */
  readonly natMap: Readonly<Record<string, NodeAddress>>;
  /** Over how many shards entries are spread. */
  readonly shards: number;
}

/** The shard of a cluster that a connection leads to. */
export interface ClusterShard {
  readonly place: ClusterPlace;
  readonly number: number;
}

/** The hash tag of a shard: keys that begin with it are in one slot, on one node. */
export function shardTag(shard: number): string {
  return `{s${shard}}`;
}

/** The slot of a shard (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags). */
export function slotOfShard(shard: number): number {
  let crc = 0;
  // CRC-16/XMODEM of what is between the braces.
  for (const byte of Buffer.from(shardTag(shard).slice(1, -1))) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc % SLOTS;
}

const SLOTS = 16_384;

/** `host:port`, with an IPv6 address in brackets. */
export function addressText({ host, port }: NodeAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
