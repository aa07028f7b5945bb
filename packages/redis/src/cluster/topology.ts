import { Redis, type RedisOptions } from 'ioredis';
import { addressText, type ClusterPlace, type NodeAddress, shardTag, slotOfShard } from './cluster-place.js';

/** Connections that are made anew at the same time share one look at the cluster. */
const FRESH_MS = 200;
/** How long one node may take to say where slots are. */
const NODE_TIMEOUT_MS = 2_000;

/** Who serves which slots, as one node has said it. */
interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly master: NodeAddress;
}

/** Where the shards of a cluster are now. Nodes are asked in turn, so that one that is gone or behind is not asked for ever. */
export class ClusterTopology {
  readonly #place: ClusterPlace;
  readonly #options: RedisOptions;
  #ranges: readonly SlotRange[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #turn = 0;

  /** @param options user, password and TLS, which are the same for each node */
  constructor(place: ClusterPlace, options: RedisOptions) {
    this.#place = place;
    this.#options = options;
  }

  /**
   * The master that serves a shard, looked up anew unless that was done a moment ago.
   *
   * @throws when no node answers, or none serves the shard's slot
   */
  async masterOf(shard: number): Promise<NodeAddress> {
    if (performance.now() - this.#readAt >= FRESH_MS) await this.#refresh();
    const slot = slotOfShard(shard);
    const range = this.#ranges.find(({ from, to }) => from <= slot && slot <= to);
    if (range !== undefined) return range.master;
    // The next one asks again: another node may know more.
    this.#readAt = Number.NEGATIVE_INFINITY;
    throw new Error(`CLUSTERDOWN no node serves slot ${slot} of shard ${shardTag(shard)}`);
  }

  /** Each master that is known now. */
  get masters(): readonly NodeAddress[] {
    const byText = new Map(this.#ranges.map(({ master }) => [addressText(master), master]));
    return [...byText.values()];
  }

  #refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const nodes = this.#candidates();
    const failures: string[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[(this.#turn + i) % nodes.length] as NodeAddress;
      try {
        await this.#ask(node);
        this.#turn += i + 1;
        this.#readAt = performance.now();
        return;
      } catch (error) {
        failures.push(`${addressText(node)}: ${(error as Error).message}`);
      }
    }
    throw new Error(`no node of the Cluster says where its slots are (${failures.join('; ')})`);
  }

  /** The nodes that were named, and those they have told of. */
  #candidates(): readonly NodeAddress[] {
    const byText = new Map([...this.#place.nodes, ...this.masters].map((node) => [addressText(node), node]));
    return [...byText.values()];
  }

  async #ask(node: NodeAddress): Promise<void> {
    const redis = new Redis({
      ...this.#options,
      ...node,
      db: 0,
      lazyConnect: true,
      replyMapping: 'legacy',
      enableOfflineQueue: false,
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: NODE_TIMEOUT_MS,
      commandTimeout: NODE_TIMEOUT_MS,
      connectionName: 'tailrace-topology',
    });
    let cause: unknown;
    redis.on('error', (error) => {
      cause = error;
    });
    try {
      await redis.connect();
      const ranges = (await redis.call('CLUSTER', 'SLOTS')) as readonly SlotReply[];
      this.#ranges = ranges.map((reply) => this.#rangeOf(reply, node));
    } catch (error) {
      throw cause ?? error;
    } finally {
      redis.disconnect();
    }
  }

  /** A node that does not know its own address says none, and is where it was asked. */
  #rangeOf([from, to, [host, port]]: SlotReply, asked: NodeAddress): SlotRange {
    const said = { host: host === null || host === '' || host === '?' ? asked.host : host, port };
    return { from, to, master: this.#place.natMap[addressText(said)] ?? said };
  }
}

/** https://redis.io/docs/latest/commands/cluster-slots/ */
type SlotReply = readonly [
  from: number,
  to: number,
  master: readonly [host: string | null, port: number, ...unknown[]],
  ...unknown[],
];

const topologies = new WeakMap<ClusterPlace, ClusterTopology>();

/** The one topology of all connections to a cluster. */
export function topologyOf(place: ClusterPlace, options: RedisOptions): ClusterTopology {
  let topology = topologies.get(place);
  if (topology === undefined) {
    const { username, password, tls, family } = options;
    topology = new ClusterTopology(place, {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(tls !== undefined && { tls }),
      ...(family !== undefined && { family }),
    });
    topologies.set(place, topology);
  }
  return topology;
}
