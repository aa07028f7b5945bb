import { resolve } from 'node:path';
import type { EmbeddedEngine } from '@tailrace/embedded';
import {
  createDeliveryReaderOf,
  createLevelSettings,
  createRedisCost,
  createSavedSearches,
  type Shard,
  shardsOf,
} from '@tailrace/query';
import { evictionOf, evictionWarning } from '@tailrace/redis';
import { createArchivedEntries, createEntryWriter, createSenderIdsOf } from '@tailrace/writer';
import { openReading } from '../archive/archived-reading.js';
import { createEntryDeletion } from '../archive/entry-deletion.js';
import { openArchiveAt } from '../archive/open-archive.js';
import { openProof } from '../audit/proof.js';
import type { GatewayConfig } from '../config.js';
import { createApp } from '../http/app.js';
import { addressList } from '../http/auth/address-list.js';
import type { AuthOptions } from '../http/auth/auth.js';
import { openTokensFile } from '../http/auth/tokens-file.js';
import { openInsight } from '../insight/insight.js';
import { reportProcessFigures } from '../insight/process-figures.js';
import { withSearchesFile } from '../searches/searches-file.js';
import { openSyslog } from '../syslog/syslog.js';
import { sentPositionAt } from '../syslog-out/sent-position.js';
import { startSyslogOut } from '../syslog-out/syslog-out.js';
import { syslogDestination, syslogOutState } from '../syslog-out/syslog-out-config.js';
import { startEngine } from './engine.js';
import { createErrorLog } from './error-log.js';
import { makeFirstToken } from './first-token.js';
import { listen } from './server.js';
import { StartError } from './start-error.js';
import { checkStorage, openStoresAt, tailOf, topologyOf } from './stores.js';
import { readVersion } from './version.js';

/** A running gateway. */
export interface Gateway {
  /** Where it listens: `http://127.0.0.1:4680`. */
  readonly url: string;
  /** Where it listens to syslog: `tcp://127.0.0.1:6514`. */
  readonly syslogUrls: readonly string[];
  readonly version: string;
  /** Name and version of the engine that holds the data. */
  readonly engineName: string;
  /** True: the engine is the gateway's own, and ends with it. */
  readonly embedded: boolean;
  /** The folder of archive and journal; `undefined` where there is none. */
  readonly dataDir: string | undefined;
  /** Whether requests need a token. */
  readonly needsToken: boolean;
  /** Where the data is, for an application's logger: `redis://127.0.0.1:6379`. */
  readonly redisUrl: string;
  /** The token made at this start, which stands nowhere else; `undefined` when none was. */
  readonly firstToken: string | undefined;
  /** Resolves with the reason when the embedded engine ends by itself; its data is gone then. */
  readonly engineLost: Promise<string>;
  /** Stops listening, ends endless replies, stores what is on its way, closes connections, ends the engine. */
  close(): Promise<void>;
}

/**
 * Starts a gateway, and an embedded engine where the settings name no Redis.
 *
 * @param write takes what there is to say about its own trouble
 * @throws StartError when a setting makes it impossible; nothing is left running.
 */
export async function startGateway(
  config: GatewayConfig,
  write: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<Gateway> {
  const report = createErrorLog(write, Date.now);
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { firstToken: wantsToken, tokensFile } = config;
    const firstToken = wantsToken && tokensFile !== undefined ? await makeFirstToken(tokensFile) : undefined;
    const auth = await openAuth(config, report, closers);
    const embedded = config.redisUrl === undefined ? await startEngine(config.enginePort) : undefined;
    if (embedded !== undefined) closers.push(() => embedded.stop());
    const redisUrl = config.redisUrl ?? (embedded as EmbeddedEngine).url;
    const stores = await openStoresAt(redisUrl, report);
    closers.push(() => stores.close());
    const { keyPrefix, retentionDays, hashKey } = config;
    const shards = shardsOf(stores, keyPrefix);
    await checkStorage(shards);
    const { engineName } = stores;
    const { redis, keyspace } = shards[0] as Shard;
    if (config.dataDir !== undefined && stores.topology === 'cluster')
      throw new StartError('DATA_DIR is set, and a Cluster has no archive yet; allowed: no DATA_DIR');
    const archive =
      config.dataDir === undefined
        ? undefined
        : await openArchiveAt({
            folder: resolve(config.dataDir),
            redis,
            keyspace,
            retentionDays,
            isMemoryOnly: embedded !== undefined,
            hotHours: config.hotHours,
            expiredTo: config.archiveTo && resolve(config.archiveTo),
            report,
          });
    closers.push(() => archive?.close());
    const redact = hashKey === undefined ? {} : { hashKey };
    const writer = createEntryWriter({
      redis: redisUrl,
      keyPrefix,
      retentionDays,
      redact,
      commandTimeoutMs: 2_000,
      onError: ({ message }) => report(message),
    });
    closers.push(() => writer.close());
    const searches = createSavedSearches({ redis, keyspace });
    const folder = archive?.status().folder;
    const closing = new AbortController();
    const eviction = async () =>
      (await Promise.all(shards.map((shard) => evictionOf(shard.redis)))).find((one) => one !== undefined);
    const version = readVersion();
    const reading = openReading({ shards, retentionDays, archive });
    const delivery = createDeliveryReaderOf(shards);
    const proof =
      config.auditDir === undefined
        ? undefined
        : await openProof({
            shards,
            reader: reading.reader,
            delivery,
            writer,
            retentionDays,
            folder: resolve(config.auditDir),
            isMemoryOnly: embedded !== undefined,
            report,
          });
    closers.push(() => proof?.close());
    const insight = await openInsight({
      shards,
      reader: reading.reader,
      rulesFile: config.alertRules,
      allowedAddresses: addressList(config.alertAllowedAddresses),
      report,
    });
    closers.push(() => insight.close());
    const tail = tailOf(stores, shards);
    const app = createApp({
      ...reading,
      deletion: createEntryDeletion({ shards, retentionDays, archive }),
      insight,
      proof,
      archive,
      archivedEntries: createArchivedEntries({ keyspace, redact, now: Date.now }),
      tail,
      writer,
      senderIds: createSenderIdsOf(shards),
      engine: {
        name: engineName,
        embedded: embedded !== undefined,
        redisUrl: embedded?.url ?? null,
        ping: async () => void (await Promise.any(shards.map((shard) => shard.redis.ping()))),
        topology: () => topologyOf(stores),
        eviction,
      },
      version,
      delivery,
      levels: createLevelSettings({ redis, keyspace }),
      redisCost: createRedisCost({
        shards,
        retentionDays,
        hotHours: archive && config.hotHours,
      }),
      searches:
        embedded === undefined || folder === undefined
          ? searches
          : await withSearchesFile(searches, folder, report),
      auth,
      allowedHosts: config.allowedHosts,
      allowedOrigins: config.allowedOrigins,
      maxHeldBodyBytes: config.maxHeldBodyBytes,
      maxAtOnce: {
        search: config.maxSearches,
        join: config.maxJoins,
        export: config.maxExports,
        follow: config.maxFollowers,
      },
      maxClientShare: config.maxClientShare,
      isTrustedProxy: addressList(config.trustedProxies),
      closing: closing.signal,
      report,
    });
    if (config.processFiguresS !== undefined) {
      const reporting = reportProcessFigures({
        writer,
        everyS: config.processFiguresS,
        folder: archive?.status().folder ?? '.',
        signal: closing.signal,
        report,
      });
      closers.push(() => reporting);
    }
    const removing = await eviction();
    if (removing !== undefined) report(evictionWarning(removing));
    const server = await listen(app.fetch, config);
    closers.push(() => server.close());
    const syslog = await openSyslog(config, { writer, report, now: Date.now });
    closers.push(() => syslog.close());
    const destination = syslogDestination(config);
    if (destination !== undefined) {
      const position = sentPositionAt(syslogOutState(config, archive?.status().folder));
      const { syslogOutFilter: filter, syslogOutBody: body } = config;
      const out = startSyslogOut({ tail, destination, filter, body, position, version, report });
      closers.push(() => out.close());
    }
    closers.push(() => closing.abort());
    return {
      url: server.url,
      syslogUrls: syslog.urls,
      version,
      engineName,
      embedded: embedded !== undefined,
      dataDir: folder,
      needsToken: auth !== undefined,
      redisUrl,
      firstToken,
      engineLost: lossOf(embedded, closing.signal),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns `undefined` when the settings name no tokens; when they do, and there is none, nobody may ask. */
async function openAuth(
  { tokensFile, tokens, trustedProxies }: GatewayConfig,
  report: (text: string) => void,
  closers: (() => unknown)[],
): Promise<AuthOptions | undefined> {
  if (tokensFile === undefined && tokens.length === 0) return undefined;
  const file = tokensFile === undefined ? undefined : await openTokensFile(tokensFile, report);
  closers.push(() => file?.close());
  return {
    tokens: () => [...tokens, ...(file?.tokens ?? [])],
    isTrustedProxy: addressList(trustedProxies),
  };
}

function lossOf(engine: EmbeddedEngine | undefined, closing: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    void engine?.exited.then(({ code, signal }) => {
      if (!closing.aborted) resolve(`the embedded engine ended by itself (${signal ?? `exit code ${code}`})`);
    });
  });
}
