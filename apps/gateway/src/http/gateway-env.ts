import type { Scope } from '@tailrace/api';
import type { Archive } from '@tailrace/archive';
import type {
  Clear,
  DeliveryReader,
  LevelSettings,
  LogReader,
  OAuthFlows,
  RedisCostReader,
  SavedSearches,
  Statistics,
  Tail,
} from '@tailrace/query';
import type { Eviction } from '@tailrace/redis';
import type { ArchivedEntries, EntryWriter, SenderIds } from '@tailrace/writer';
import type { Context } from 'hono';
import type { EntryDeletion } from '../archive/entry-deletion.js';
import type { Proof } from '../audit/proof.js';
import type { Insight } from '../insight/insight.js';
import type { AddressList } from './auth/address-list.js';
import type { AuthOptions } from './auth/auth.js';
import type { MaxAtOnce } from './load-bounds.js';

/** What every request carries. */
export interface GatewayEnv {
  readonly Variables: {
    requestId: string;
    /** What whoever asks may do. */
    scopes: readonly Scope[];
    /** Name of the token they asked with; missing where none is needed. */
    tokenName?: string;
    /** How long the reply may be kept. @default `no-store` */
    cacheControl?: string;
  };
}

/** @see GatewayEnv */
export type GatewayContext = Context<GatewayEnv>;

/** What the gateway works with. */
export interface GatewayDeps {
  readonly reader: LogReader;
  readonly tail: Tail;
  readonly statistics: Statistics;
  readonly oauthFlows: OAuthFlows;
  readonly clear: Clear;
  readonly deletion: EntryDeletion;
  readonly delivery: DeliveryReader;
  readonly redisCost: RedisCostReader;
  readonly levels: LevelSettings;
  readonly searches: SavedSearches;
  /** @default there is none */
  readonly archive?: Archive | undefined;
  /** Makes what is imported into the archive. @default nothing is */
  readonly archivedEntries?: ArchivedEntries | undefined;
  /** Alerts. @default none are evaluated */
  readonly insight?: Insight | undefined;
  /** Signs the audit trail. @default nobody does */
  readonly proof?: Proof | undefined;
  /** Who may ask. @default everyone, with nothing to authenticate */
  readonly auth?: AuthOptions | undefined;
  readonly writer: EntryWriter;
  /** What senders call their entries and requests. */
  readonly senderIds: SenderIds;
  readonly engine: EngineStatus;
  /** Version of the gateway. */
  readonly version: string;
  /** Names the gateway answers to beside this machine's own; `*` for any. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may ask, beside the gateway's own. */
  readonly allowedOrigins: readonly string[];
  /** Bytes of request bodies held at once, of all clients together. @default 67108864 */
  readonly maxHeldBodyBytes?: number;
  /** How many requests of each kind are answered at once. @default {@link DEFAULT_MAX_AT_ONCE} */
  readonly maxAtOnce?: MaxAtOnce;
  /** Percent of each that one client may have. @default 25 */
  readonly maxClientShare?: number;
  /** Whose `X-Forwarded-For` is believed. @default nobody's */
  readonly isTrustedProxy?: AddressList;
  /** Aborted when the gateway closes: endless replies end. */
  readonly closing: AbortSignal;
  /** Told of what the client is not told: the cause of a 5xx. */
  readonly report: (text: string) => void;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** What an engine is made of. */
export interface EngineTopology {
  readonly kind: 'server' | 'sentinel' | 'cluster';
  /** `host:port` of the masters of a cluster. */
  readonly nodes: readonly string[];
  readonly shards: number;
  /** Numbers of the shards that do not answer. */
  readonly away: readonly number[];
}

/** The engine that holds the data. */
export interface EngineStatus {
  /** Name and version, such as `Valkey 9.1.1`. */
  readonly name: string;
  /** True: in memory, and gone with the gateway. */
  readonly embedded: boolean;
  /** Where a service on this machine writes to; null for an outside Redis, whose URL may hold a password. */
  readonly redisUrl: string | null;
  /** @throws when nothing of it answers in time. */
  ping(): Promise<unknown>;
  /** What it is made of now. @default one server */
  topology?(): Promise<EngineTopology>;
  /** How it removes keys by itself; `undefined` when it does not. */
  eviction(): Promise<Eviction | undefined>;
}
