import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

const GATEWAY = new URL('../../../apps/gateway/dist/main.js', import.meta.url);
const COMMAND = new URL('../../../apps/cli/dist/main.js', import.meta.url);
/** Tells at the end what the process has used. */
const USAGE =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\n"+JSON.stringify({...process.cpuUsage(),rss:process.resourceUsage().maxRSS})))';
/** Clock ticks a second in `/proc`. */
const TICKS = 100;

/** What an import took. */
export interface ImportFigures {
  readonly seconds: number;
  readonly commandCpuSeconds: number;
  readonly gatewayCpuSeconds: number;
  readonly commandMegabytes: number;
  /** The most the gateway has held so far. */
  readonly gatewayMegabytes: number;
}

/** A gateway in a process of its own. */
export interface BenchGateway {
  readonly url: string;
  import(file: string): Promise<ImportFigures>;
  /** The most memory it has held so far (`VmHWM`, proc(5)). */
  megabytes(): Promise<number>;
  stop(): Promise<void>;
}

/** @param redisUrl empty: the embedded engine */
export async function startGateway(
  redisUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchGateway> {
  const child = spawn(process.execPath, [GATEWAY.pathname], {
    env: { ...process.env, REDIS_URL: redisUrl, HOST: '127.0.0.1', PORT: '0', ENGINE_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(child);
  return {
    url,
    import: (file) => importFile(child, url, file),
    megabytes: () => mostMegabytesOf(child.pid),
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function importFile(gateway: ChildProcess, url: string, file: string): Promise<ImportFigures> {
  await (await fetch(`${url}/logs`, { method: 'DELETE' })).text();
  const before = await cpuSecondsOf(gateway.pid);
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', USAGE, COMMAND.pathname, 'import', file, '--again', '--url', url],
    {
      env: { ...process.env, XDG_STATE_HOME: '', HOME: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let text = '';
  child.stderr.on('data', (piece) => {
    text += piece;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the import of ${file} failed: ${text}`);
  const { user, system, rss } = JSON.parse(text.trim().split('\n').at(-1) ?? '');
  return {
    seconds: (performance.now() - start) / 1000,
    commandCpuSeconds: (user + system) / 1e6,
    gatewayCpuSeconds: (await cpuSecondsOf(gateway.pid)) - before,
    commandMegabytes: rss / 1024,
    gatewayMegabytes: await mostMegabytesOf(gateway.pid),
  };
}

/** CPU seconds of a process, user and system (proc(5)); the embedded engine is a process of its own and not in it. */
async function cpuSecondsOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The most memory a process has held (`VmHWM`, proc(5)). */
async function mostMegabytesOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const piece of stdout ?? []) {
    text += piece;
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
    if (address !== undefined) {
      stdout?.resume();
      return address;
    }
  }
  throw new Error(`the gateway ended: ${text}`);
}

/** Seconds that GoAccess takes to read a file in Combined Log Format; `undefined` where it is not installed. */
export async function goAccessSeconds(file: string, output: string): Promise<number | undefined> {
  const start = performance.now();
  const args = [file, '--log-format=COMBINED', '--no-progress', '-o', output];
  const child = spawn('goaccess', args, { stdio: 'ignore' });
  const ended = await Promise.race([once(child, 'close'), once(child, 'error').then(() => undefined)]);
  if (ended === undefined) return undefined;
  if (ended[0] !== 0) throw new Error(`goaccess ended with ${ended[0]}`);
  return (performance.now() - start) / 1000;
}
