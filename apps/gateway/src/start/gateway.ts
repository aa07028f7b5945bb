import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EmbeddedEngine } from '@tailrace/embedded';
import { checkStorageVersion, createDeliveryReader, createLevelSettings, createTail } from '@tailrace/query';
import { evictionOf, evictionWarning, openStore, type Store, StoreError } from '@tailrace/redis';
import { Keyspace, StorageVersionError } from '@tailrace/schema';
import { createArchivedEntries, createEntryWriter, createSenderIds } from '@tailrace/writer';
import { openReading } from '../archive/archived-reading.js';
import { openArchiveAt } from '../archive/open-archive.js';
import type { GatewayConfig } from '../config.js';
import { createApp } from '../http/app.js';
import { addressList } from '../http/auth/address-list.js';
import type { AuthOptions } from '../http/auth/auth.js';
import { openTokensFile } from '../http/auth/tokens-file.js';
import { openSyslog } from '../syslog/syslog.js';
import { sentPositionAt } from '../syslog-out/sent-position.js';
import { startSyslogOut } from '../syslog-out/syslog-out.js';
import { syslogDestination, syslogOutState } from '../syslog-out/syslog-out-config.js';
import { startEngine } from './engine.js';
import { createErrorLog } from './error-log.js';
import { makeFirstToken } from './first-token.js';
import { listen } from './server.js';
import { StartError } from './start-error.js';

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
    const store = await openStoreAt(redisUrl, report);
    closers.push(() => store.close());
    const { keyPrefix, retentionDays, hashKey } = config;
    const keyspace = new Keyspace({ prefix: keyPrefix });
    await checkStorage(store, keyspace);
    const { redis, engineName, connectBlocking } = store;
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
    const closing = new AbortController();
    const version = readVersion();
    const tail = createTail({ redis, connect: connectBlocking, keyspace });
    const app = createApp({
      ...openReading({ redis, keyspace, retentionDays, archive }),
      archive,
      archivedEntries: createArchivedEntries({ keyspace, redact, now: Date.now }),
      tail,
      writer,
      senderIds: createSenderIds({ redis, keyspace }),
      engine: {
        name: engineName,
        embedded: embedded !== undefined,
        redisUrl: embedded?.url ?? null,
        ping: () => redis.ping(),
        eviction: () => evictionOf(redis),
      },
      version,
      delivery: createDeliveryReader({ redis, keyspace }),
      levels: createLevelSettings({ redis, keyspace }),
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
    const eviction = await evictionOf(redis);
    if (eviction !== undefined) report(evictionWarning(eviction));
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
      dataDir: archive?.status().folder,
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

async function openStoreAt(url: string, report: (text: string) => void): Promise<Store> {
  try {
    return await openStore(url, report);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StartError(`REDIS_URL ${error.message}`, { cause: error });
  }
}

async function checkStorage({ redis }: Store, keyspace: Keyspace): Promise<void> {
  try {
    await checkStorageVersion({ redis, keyspace });
  } catch (error) {
    if (!(error instanceof StorageVersionError)) throw error;
    throw new StartError(`REDIS_URL cannot be used: ${error.message}`, { cause: error });
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

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
