import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Intake, readLines } from '@tailrace/intake';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { type BenchGateway, goAccessSeconds, type ImportFigures, startGateway } from './processes.js';
import { SAMPLE_FORMATS, writeSample } from './sample-lines.js';

const ROUNDS = 3;

/**
 * Imports files of three formats through a gateway into a redis-server and into the embedded engine, reads them alone, and
 * has GoAccess read the same access log.
 *
 * @param options.entries lines of each file. @default 100000
 */
export async function benchImport(options: { readonly entries?: number }): Promise<BenchTable> {
  const lines = options.entries ?? 100_000;
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  const redis = await startRedisServer();
  const rows: (string | number)[][] = [];
  let gateways: readonly (readonly [string, BenchGateway])[] = [];
  try {
    gateways = [
      ['redis-server', await startGateway(redis.url)],
      ['embedded engine', await startGateway('')],
    ];
    for (const format of SAMPLE_FORMATS) {
      const file = join(folder, `${format.name}.log`);
      await writeSample(file, format, lines);
      for (const [name, gateway] of gateways) {
        const rounds: ImportFigures[] = [];
        for (let round = 0; round < ROUNDS; round++) rounds.push(await gateway.import(file));
        rows.push([format.name, `into ${name}`, ...importCells(rounds, lines)]);
      }
      rows.push([format.name, 'read alone', ...(await readCells(file, lines))]);
      if (format.name === 'Combined') rows.push(...(await goAccessRows(file, folder, lines)));
    }
  } finally {
    for (const [, gateway] of gateways) await gateway.stop();
    await redis.stop();
    await rm(folder, { recursive: true });
  }
  return {
    title: `Importing ${lines.toLocaleString('en-US')} lines`,
    columns: [
      'format',
      'what',
      'lines/s',
      'CPU of the command, µs a line',
      'CPU of the gateway, µs a line',
      'memory of the command, MB',
      'of the gateway, MB',
    ],
    rows,
    notes: [
      `The median of ${ROUNDS} imports, all processes on this machine; memory is the most a process held.`,
      'Read alone: lines found, told and parsed in one process, nothing sent.',
      'GoAccess reads the same file and counts it up; it stores no lines.',
    ],
  };
}

function importCells(rounds: readonly ImportFigures[], lines: number): (string | number)[] {
  const sorted = [...rounds].sort((a, b) => a.seconds - b.seconds);
  const { seconds, commandCpuSeconds, gatewayCpuSeconds, commandMegabytes, gatewayMegabytes } = sorted[
    Math.floor(sorted.length / 2)
  ] as ImportFigures;
  return [
    Math.round(lines / seconds),
    rounded((commandCpuSeconds / lines) * 1e6),
    rounded((gatewayCpuSeconds / lines) * 1e6),
    Math.round(commandMegabytes),
    Math.round(gatewayMegabytes),
  ];
}

async function readCells(file: string, lines: number): Promise<(string | number)[]> {
  const rounds: { readonly seconds: number; readonly cpu: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const intake = new Intake();
    for await (const line of readLines(createReadStream(file))) intake.push(line);
    intake.end();
    const { user, system } = process.cpuUsage(before);
    rounds.push({ seconds: (performance.now() - start) / 1000, cpu: user + system });
  }
  const { seconds, cpu } = rounds.sort((a, b) => a.seconds - b.seconds)[1] as (typeof rounds)[number];
  return [Math.round(lines / seconds), rounded(cpu / lines), '', '', ''];
}

async function goAccessRows(file: string, folder: string, lines: number): Promise<(string | number)[][]> {
  const seconds = await goAccessSeconds(file, join(folder, 'goaccess.json'));
  return seconds === undefined
    ? []
    : [['Combined', 'read by GoAccess', Math.round(lines / seconds), '', '', '', '']];
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
