import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { benchArchive } from './archive/index.js';
import { benchCall } from './call/index.js';
import { benchCluster } from './cluster/index.js';
import { benchConsole } from './console/index.js';
import { benchEmbedded } from './embedded/index.js';
import { benchImport } from './import/index.js';
import { benchInsight } from './insight/index.js';
import { benchLoad } from './load/index.js';
import { benchLoopDelay } from './loop-delay/index.js';
import { benchMiddleware } from './middleware/index.js';
import { benchOutage } from './outage/index.js';
import { benchQuery } from './query/index.js';
import { benchSizes } from './sizes/index.js';
import { benchStart } from './start/index.js';
import { type BenchTable, formatTable } from './table.js';
import { benchTail } from './tail/index.js';
import { benchWrite } from './write/index.js';

/** How a bench is run. */
interface BenchOptions {
  readonly entries?: number;
  readonly minutes?: number;
}

/** Every bench: its name, what it shows, and how it is run. Without `entries` each takes its own default. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchTable>>> = {
  write: benchWrite,
  tail: benchTail,
  call: benchCall,
  embedded: benchEmbedded,
  query: benchQuery,
  loop: benchLoopDelay,
  outage: benchOutage,
  middleware: benchMiddleware,
  import: benchImport,
  start: benchStart,
  load: benchLoad,
  sizes: benchSizes,
  archive: benchArchive,
  cluster: benchCluster,
  insight: benchInsight,
  console: benchConsole,
};

const USAGE = `usage: bench <${Object.keys(BENCHES).join('|')}> [--entries N] [--minutes N, of console] [--json FILE]`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { entries: { type: 'string' }, minutes: { type: 'string' }, json: { type: 'string' } },
  });
  const bench = BENCHES[positionals[0] ?? ''];
  if (bench === undefined || positionals.length !== 1) throw new Error(USAGE);
  const table = await bench({
    ...(values.entries !== undefined && { entries: entriesOf(values.entries) }),
    ...(values.minutes !== undefined && { minutes: minutesOf(values.minutes) }),
  });
  process.stdout.write(formatTable(table));
  if (values.json !== undefined) {
    const machine = { cores: availableParallelism(), node: process.version };
    await mkdir(dirname(values.json), { recursive: true });
    await writeFile(values.json, `${JSON.stringify({ ...table, ...machine }, null, 2)}\n`);
  }
}

function entriesOf(text: string): number {
  const entries = Number(text);
  if (!Number.isInteger(entries) || entries < 1000 || entries > 10_000_000) {
    throw new Error(`--entries is ${text}; allowed: a whole number from 1000 to 10000000`);
  }
  return entries;
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 600)) {
    throw new Error(`--minutes is ${text}; allowed: a number above 0, up to 600`);
  }
  return minutes;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
