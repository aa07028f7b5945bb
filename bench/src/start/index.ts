import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unpackPackages } from '../../../scripts/unpacked.mjs';
import type { BenchTable } from '../table.js';
import type { StartFigures } from './import-one.js';

const ROUNDS = 15;
const PROGRAM = fileURLToPath(new URL('./import-one.js', import.meta.url));
const PINO = fileURLToPath(new URL('../../node_modules/pino', import.meta.url));

/** What is imported, and under which name it is shown; the second is what the logger is compared with. */
const CONTENDERS = [
  ['node:net', 'nothing (node:net)'],
  ['ioredis', 'ioredis'],
  ['pino', 'pino'],
  ['@tailrace/logger', '@tailrace/logger'],
  ['@tailrace/logger/hono', '@tailrace/logger/hono'],
] as const;

/**
 * What a service pays for an import at its start: time, CPU and memory of a process that does nothing else. Contenders take
 * turns; medians are compared.
 */
export async function benchStart(): Promise<BenchTable> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-start-'));
  try {
    return tableOf(await measure(await install(folder)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Installs what is imported, as it is published. @returns the program that imports it */
async function install(folder: string): Promise<string> {
  unpackPackages(folder);
  await symlink(await realpath(PINO), join(folder, 'node_modules/pino'));
  const program = join(folder, 'import-one.mjs');
  await copyFile(PROGRAM, program);
  return program;
}

async function measure(program: string): Promise<StartFigures[][]> {
  const figures = CONTENDERS.map((): StartFigures[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [name]] of CONTENDERS.entries()) figures[i]?.push(await importOne(program, name));
  }
  return figures;
}

function tableOf(figures: readonly StartFigures[][]): BenchTable {
  const medians = figures.map((of) => ({
    ms: median(of.map(({ ms }) => ms)),
    cpuMs: median(of.map(({ cpuMs }) => cpuMs)),
    memoryMb: median(of.map(({ memoryMb }) => memoryMb)),
  }));
  const base = medians[1] as StartFigures;
  return {
    title: `start: one import in a process of its own, medians of ${ROUNDS} runs in turns`,
    columns: [
      'import',
      'ms',
      'CPU ms',
      'memory MB',
      'time of ioredis',
      'CPU of ioredis',
      'memory of ioredis',
    ],
    rows: medians.map(({ ms, cpuMs, memoryMb }, i) => [
      CONTENDERS[i]?.[1] as string,
      ms.toFixed(1),
      cpuMs.toFixed(1),
      memoryMb.toFixed(1),
      `${(ms / base.ms).toFixed(2)}x`,
      `${(cpuMs / base.cpuMs).toFixed(2)}x`,
      `${(memoryMb / base.memoryMb).toFixed(2)}x`,
    ]),
    notes: [
      'ms and CPU: of the import alone, of packages as they are published. memory: resident, of the whole process, Node included. The logger loads ioredis when its first batch is due.',
    ],
  };
}

async function importOne(program: string, name: string): Promise<StartFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, name]);
  return JSON.parse(stdout) as StartFigures;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
