import type { Socket } from 'node:net';
import type { Store, Stores } from '@tailrace/redis';
import { printable } from '../print/printable.js';
import { type Finding, fault, ok, warning } from './finding.js';
import { lackingRights } from './rights.js';

type Redis = Store['redis'];

/** Entries of a clock that is more than this ahead or behind are still stored where they belong. */
const FINE_SKEW_MS = 2_000;
/** From here on searches of the last minutes miss what was logged there. */
const BAD_SKEW_MS = 60_000;
/** What of its memory a server may use before it is worth a word. */
const FULL = 0.85;

/** Everything there is to ask the server behind a URL. */
export async function checkRedis(url: string, keyPrefix: string): Promise<readonly Finding[]> {
  const { openStores, StoreError, shardTag } = await import('@tailrace/redis');
  let stores: Stores;
  try {
    stores = await openStores(url, () => {});
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const advice = error.message.includes('NOPERM')
      ? 'give its user the least rights of a gateway, which docs/storage.md names'
      : 'start that server, or correct REDIS_URL';
    return [fault('engine', printable(error.message), advice)];
  }
  try {
    const { engineName, topology, shards } = stores;
    const isCluster = topology === 'cluster';
    const findings = [
      ok('engine', `${engineName} answers${isCluster ? ` at ${stores.masters().join(', ')}` : ''}`),
    ];
    for (const { number, redis } of oneOfEachMaster(stores)) {
      const of = (finding: Finding) =>
        isCluster ? { ...finding, subject: `${finding.subject} of ${shardTag(number)}` } : finding;
      const prefix = isCluster ? `${shardTag(number)}:${keyPrefix}` : keyPrefix;
      findings.push(
        of(await checkClock(redis)),
        of(await checkMemory(redis)),
        of(await checkRights(redis, prefix)),
      );
    }
    if (isCluster) findings.push(ok('shards', `${shards.length}, each with a master`));
    return findings;
  } finally {
    stores.close();
  }
}

/** The first shard of each server: what is true of one is true of the others there. */
function oneOfEachMaster({ shards }: Stores): readonly { readonly number: number; readonly redis: Redis }[] {
  const places = shards.map(({ redis }, number) => {
    const { remoteAddress, remotePort } = (redis as { readonly stream?: Socket }).stream ?? {};
    return { number, redis, place: `${remoteAddress} ${remotePort}` };
  });
  return places.filter(({ place }, i) => places.findIndex((one) => one.place === place) === i);
}

/** This machine's clock against the server's, by the fastest of some questions. */
async function checkClock(redis: Redis): Promise<Finding> {
  let best = { roundTripMs: Number.POSITIVE_INFINITY, skewMs: 0 };
  try {
    for (let i = 0; i < 5; i++) {
      const asked = Date.now();
      const [seconds, microseconds] = await redis.time();
      const roundTripMs = Date.now() - asked;
      const serverMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
      if (roundTripMs < best.roundTripMs) {
        best = { roundTripMs, skewMs: asked + roundTripMs / 2 - serverMs };
      }
    }
  } catch (error) {
    return notAllowed('clock', 'TIME', error);
  }
  return clockFinding(best.skewMs);
}

/** @param skewMs how far this machine is ahead of the server */
export function clockFinding(skewMs: number): Finding {
  const size = Math.abs(skewMs);
  if (size <= FINE_SKEW_MS) return ok('clock', `within ${FINE_SKEW_MS / 1000} s of the server's`);
  const text = `${(size / 1000).toFixed(1)} s ${skewMs > 0 ? 'ahead of' : 'behind'} the server's`;
  const advice = 'synchronise both machines (chrony, systemd-timesyncd): entries are filed by these clocks';
  return size > BAD_SKEW_MS ? fault('clock', text, advice) : warning('clock', text, advice);
}

async function checkMemory(redis: Redis): Promise<Finding> {
  try {
    return memoryFinding(await redis.info('memory'));
  } catch (error) {
    return notAllowed('memory', 'INFO', error);
  }
}

/** @param info the memory section of INFO */
export function memoryFinding(info: string): Finding {
  const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const policy = value('maxmemory_policy');
  const limit = Number(value('maxmemory'));
  const used = Number(value('used_memory'));
  if (policy !== '' && policy !== 'noeviction') {
    return fault(
      'memory',
      `maxmemory-policy is ${policy}: a full server removes entries, and nobody is told`,
      'redis-cli CONFIG SET maxmemory-policy noeviction, and the same in its configuration file',
    );
  }
  if (limit === 0) return ok('memory', 'no limit, nothing is evicted');
  const share = used / limit;
  const text = `${Math.round(share * 100)} % of maxmemory used, nothing is evicted`;
  const advice =
    'raise maxmemory, or shorten LOG_RETENTION_DAYS: a full server refuses entries, which then wait in spools';
  return share > FULL ? warning('memory', text, advice) : ok('memory', text);
}

async function checkRights(redis: Redis, keyPrefix: string): Promise<Finding> {
  const lacking = await lackingRights(redis, keyPrefix);
  if (lacking.length === 0) return ok('ACL', 'every command a gateway sends is allowed, on all its keys');
  const user = printable(String(await redis.acl('WHOAMI').catch(() => 'USER')));
  const commands = lacking.filter(({ on }) => on === undefined).map(({ right }) => `+${right}`);
  const keys = lacking.flatMap(({ on }) => (on === undefined ? [] : [`~${on}`]));
  const rules = [...new Set([...commands, ...keys])].join(' ');
  return fault(
    'ACL',
    `the user "${user}" lacks rights of a gateway: ${lacking.map(({ right, on }) => (on === undefined ? right : `keys ${on}`)).join(', ')}`,
    `redis-cli ACL SETUSER ${user} ${rules}`,
  );
}

function notAllowed(subject: string, command: string, error: unknown): Finding {
  const text = `cannot be looked at: ${printable((error as Error).message)}`;
  return warning(subject, text, `allow ${command} to see it`);
}
