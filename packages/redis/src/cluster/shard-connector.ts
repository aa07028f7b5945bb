import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { RedisTarget } from '../redis-target.js';
import type { ClusterShard } from './cluster-place.js';
import { topologyOf } from './topology.js';

type ErrorEmitter = (type: string, error: Error) => void;

/**
 * The options of a connection that leads to the master of its shard: with each attempt the cluster is asked anew who that is,
 * as Sentinels are asked for theirs. Options of anything else are given back as they are.
 */
export function optionsOf({ options, cluster, clusterPlace }: RedisTarget): RedisOptions {
  if (cluster === undefined && clusterPlace === undefined) return options;
  if (cluster === undefined) throw new Error('a cluster is reached shard by shard');
  class ShardConnector extends MasterConnector {
    constructor(own: RedisOptions) {
      super(own, cluster as ClusterShard);
    }
  }
  return { ...options, Connector: ShardConnector as unknown as NonNullable<RedisOptions['Connector']> };
}

class MasterConnector extends AbstractConnector {
  readonly #options: RedisOptions;
  readonly #shard: ClusterShard;
  /** Of the attempt that counts: whoever disconnects ends the one before. */
  #attempt = 0;

  constructor(options: RedisOptions, shard: ClusterShard) {
    super(options.disconnectTimeout ?? 2_000);
    this.#options = options;
    this.#shard = shard;
  }

  override disconnect(): void {
    this.#attempt++;
    super.disconnect();
  }

  /** ioredis makes no further attempt when this fails, so what is to be tried again is tried again here. */
  async connect(emit: ErrorEmitter): Promise<Socket> {
    this.connecting = true;
    const attempt = ++this.#attempt;
    for (let failures = 1; ; failures++) {
      try {
        const { host, port } = await topologyOf(this.#shard.place, this.#options).masterOf(
          this.#shard.number,
        );
        if (attempt !== this.#attempt) throw new Error('Connection is closed.');
        return this.#open(host, port);
      } catch (error) {
        const wait = attempt === this.#attempt ? this.#options.sentinelRetryStrategy?.(failures) : undefined;
        if (typeof wait !== 'number') throw error;
        emit('error', error as Error);
        await new Promise((resolve) => setTimeout(resolve, wait).unref());
      }
    }
  }

  #open(host: string, port: number): Socket {
    const { tls, family } = this.#options;
    const address = { host, port, ...(family !== undefined && { family }) };
    const socket =
      tls === undefined
        ? connectSocket(address)
        : connectTls({ ...(isIP(host) === 0 && { servername: host }), ...address, ...tls });
    socket.once('error', (error) => {
      this.firstError = error;
    });
    this.stream = socket;
    return socket;
  }
}
