import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startGatewayProcess } from './gateway-process.js';
import { CLI_MAIN, GATEWAY_MAIN, repositoryPath } from './repository.js';
import { environmentWith } from './settings.js';

/** A folder, a gateway and the commands that the docs name, in which the docs' examples work as they stand. */
export interface DocWorld {
  readonly url: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** A command of the docs, with the address, the ids and the hour of this world. */
  localized(command: string): string;
  post(entries: readonly object[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** When the oldest of the docs' entries were written, apart from those that are sealed at once. */
const MINUTES_AGO = 70;

/** The address of the gateway in the docs. */
const DOCUMENTED_URL = 'http://127.0.0.1:4680';

const ACCESS_LOG = [
  '83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /presentations/logstash-monitorama-2013/images/kibana-search.png HTTP/1.1" 200 203023 "-" "Mozilla/5.0"',
  '83.149.9.216 - - [17/May/2015:10:05:43 +0000] "GET /presentations/b.png HTTP/1.1" 200 171717 "-" "Mozilla/5.0"',
  '46.118.127.106 - - [20/May/2015:12:05:17 +0000] "GET /scripts/grok-py-test/configlib.py HTTP/1.1" 200 235 "-" "Mozilla/5.0',
];

export async function startDocWorld(): Promise<DocWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-docs-'));
  const gateway = await startGatewayProcess({ DATA_DIR: join(folder, 'tailrace-data') });
  const redisUrl = /REDIS_URL=(\S+)/.exec(gateway.banner)?.[1] as string;
  await writeCommands(join(folder, 'bin'), redisUrl);
  await symlink(repositoryPath('apps'), join(folder, 'apps'));
  await writeFile(join(folder, 'access.log'), `${ACCESS_LOG.join('\n')}\n`);
  for (const year of [2019, 2020]) {
    const lines = ACCESS_LOG.map((line) => line.replace('2015', String(year))).join('\n');
    await writeFile(join(folder, `access-${year}.log.gz`), gzipSync(`${lines}\n`));
  }
  async function post(entries: readonly object[], path = '/logs'): Promise<readonly string[]> {
    const reply = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(entries),
    });
    const { ids } = (await reply.json()) as { ids?: readonly string[] };
    if (ids === undefined) throw new Error(`the entries of the docs were refused with ${reply.status}`);
    return ids;
  }
  const now = Date.now();
  const ids = await post(entriesOfTheDocs(now));
  await post([{ message: 'a', timestamp: 1_400_000_000_000 }], '/logs/archive?class=archived&days=36500');
  const hour = new Date(now - MINUTES_AGO * MINUTE).toISOString();
  const idLike = (part: string) => ids.findLast((id) => id.includes(part)) as string;
  return {
    url: gateway.url,
    folder,
    localized: (command) =>
      command
        .replaceAll(DOCUMENTED_URL, gateway.url)
        .replace(/log:\d+:storage:\w{8}/, idLike(':storage:'))
        .replace(/req:\d+:192\.168\.1\.100:\w{8}/, idLike(':192.168.1.100:'))
        .replace(
          /\d{8}:\d\d$|\d{8}:\d\d(?= )/,
          `${hour.slice(0, 10).replaceAll('-', '')}:${hour.slice(11, 13)}`,
        ),
    env: {
      ...environmentWith({ TAILRACE_URL: gateway.url, XDG_STATE_HOME: join(folder, 'state') }),
      PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`,
      TOKEN: 'none is needed',
    },
    post,
    async stop() {
      await gateway.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** `tailrace`, `just` and `npx` of this checkout, as built; `redis-cli` of the world's engine. */
async function writeCommands(bin: string, redisUrl: string): Promise<void> {
  const tailrace = `exec '${process.execPath}' '${CLI_MAIN}'`;
  const just = `exec '${repositoryPath('node_modules/.bin/just')}' --justfile '${repositoryPath('justfile')}' --working-directory .`;
  const demo = repositoryPath('apps/demo/dist');
  const commands = {
    tailrace: `${tailrace} "$@"`,
    just: `${just} "$@"`,
    npx: `[ "$1" = -y ] && shift 2
case "$1" in
tailrace) shift; ${tailrace} "$@" ;;
just) shift; ${just} "$@" ;;
start) exec '${process.execPath}' '${GATEWAY_MAIN}' ;;
demo:oauth) exec '${process.execPath}' '${demo}/oauth/main.js' ;;
*) echo "npx: the docs' world has no $1" >&2; exit 1 ;;
esac`,
    curl: `PATH="\${PATH#*:}" exec curl -s --fail-with-body "$@"`,
    'redis-cli': `PATH="\${PATH#*:}" exec redis-cli -u '${redisUrl}' "$@"`,
  };
  await mkdir(bin);
  for (const [name, script] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
}

const MINUTE = 60_000;

/** The minutes before now in which the docs' requests were made: one in each quarter of the last hour. */
const QUARTERS = [50, 35, 20, 7];

const CLIENTS = ['192.0.2.1', '192.0.2.5', '192.0.2.7'];

/** Entries of the kinds that the docs show. */
function entriesOfTheDocs(now: number): object[] {
  const longAgo = now - MINUTES_AGO * MINUTE;
  const visit = { timestamp: longAgo, method: 'GET', status_code: 200 };
  const ofSearchEngine = { ...visit, client_ip: '66.249.73.135' };
  const request = { method: 'GET', status_code: 200, proxy_hostname: 'api.example.com' };
  const requests = QUARTERS.flatMap((minutes) =>
    CLIENTS.flatMap((client_ip) => {
      const one = { ...request, timestamp: now - minutes * MINUTE, client_ip };
      return [
        { ...one, path: '/orders/843/items', response_time_ms: 831, bytes_sent: 1_864_892 },
        { ...one, path: '/users/7', status_code: 503, response_time_ms: 20 },
        { ...one, path: '/login', status_code: 404, response_time_ms: 34 },
      ];
    }),
  );
  const recent = [
    { message: 'order paid', event: 'order.paid', component: 'billing' },
    { message: 'token issued', event: 'oauth.token', component: 'oidc-provider' },
    { level: 'WARNING', component: 'proxy', message: 'retry 1 of 3', proxy_hostname: 'api.example.com' },
    {
      level: 'AUDIT',
      component: 'storage',
      message: 'volume attached',
      user_id: 'alice',
      objects: ['vm-123', 'vol-456'],
      outcome: 'success',
    },
    { component: 'auth', message: 'token issued', client_id: 'my-app', client_ip: '192.168.1.100' },
    {
      level: 'ERROR',
      component: 'db',
      message: 'connect ECONNREFUSED',
      user_id: 'github-123',
      error: { type: 'Error', message: 'connect ECONNREFUSED' },
    },
    {
      ...request,
      path: '/users/42?x=1&token=secret',
      client_ip: '192.168.1.100',
      user_id: 'github-123',
      trace_id: 'req-123',
      response_time_ms: 45,
    },
    {
      ...request,
      method: 'POST',
      path: '/login',
      status_code: 503,
      client_ip: '192.168.1.100',
      client_hostname: 'client.example.com',
      user_agent:
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
      session_id: '6f1d2c',
      client_id: 'my-app',
      response_time_ms: 1_800,
    },
  ];
  return [
    // More than all other requests of one path together, some of which may be of the same hour.
    ...Array.from({ length: 20 }, () => ({ ...visit, path: '/blog/tags/puppet', client_ip: '192.0.2.17' })),
    ...Array.from({ length: 18 }, () => ({ ...visit, path: '/projects/xdotool/', client_ip: '192.0.2.17' })),
    { ...ofSearchEngine, path: '/blog/geekery/puppet-manage-homedirectory-contents.html' },
    { ...ofSearchEngine, path: '/files/blogposts/20090105/ff3linux.png', status_code: 304 },
    { ...ofSearchEngine, path: '/blog/tags/wine' },
    {
      timestamp: now - 55 * MINUTE,
      method: 'GET',
      path: '/presentations/logstash/images/office-space-printer-beat-down-gif.gif',
      status_code: 404,
      client_ip: '38.99.236.50',
    },
    ...requests,
    ...recent.map((entry, i) => ({ ...entry, timestamp: now - 5 * MINUTE + i * 1_000 })),
  ];
}
