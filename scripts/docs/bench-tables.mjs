import { existsSync } from 'node:fs';
import { grouped, ROOT, read, table } from './markdown.mjs';

/** A table the bench wrote with `--json`; numbers as they are there. */
export function bench(name) {
  const path = `bench/results/${name}.json`;
  if (!existsSync(new URL(path, ROOT))) {
    return `Not measured for this version yet: \`pnpm bench ${name} --json ${path}\`, then \`pnpm run docs\`.`;
  }
  const { title, columns, rows, notes, cpu, cores, node } = JSON.parse(read(path));
  const machine = [
    [cores && `${cores} cores`, cpu].filter(Boolean).join(', '),
    node && `Node ${String(node).replace(/^v/, '')}`,
  ].filter(Boolean);
  const shown = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)));
  return [
    `**${title}**${machine.length > 0 ? `\n\nMachine: ${machine.join('; ')}.` : ''}`,
    table(columns, shown),
    notes.map((note) => `- ${note}`).join('\n'),
  ].join('\n\n');
}

/** The figures of the README, each from the bench that measured it. */
export function figures() {
  const cell = (name, row, column) => {
    const { columns, rows } = JSON.parse(read(`bench/results/${name}.json`));
    const found = rows.find((cells) => row.every((text, i) => cells[i] === text));
    if (found === undefined) throw new Error(`scripts/docs.mjs: bench ${name} has no row ${row.join(', ')}`);
    return found[columns.indexOf(column)];
  };
  const tailrace = ['(b) Tailrace, all default indexes', 'default'];
  const follower = ['one follower of all'];
  const rows = [
    ['a log call with two fields', `${grouped(cell('call', ['log_info, 2 fields'], 'ns/call'))} ns`, 'call'],
    [
      'CPU of your service an entry, sending included',
      `${cell('write', tailrace, 'app CPU µs/entry')} µs`,
      'write',
    ],
    ['entries a second into one Redis', grouped(cell('write', tailrace, 'entries/s')), 'write'],
    [
      'delay of the event loop at 20,000 entries/s, p99, above idle',
      `${cell('loop', ['Tailrace, Redis there'], 'p99 above idle')} ms`,
      'loop',
    ],
    ['from the log call to a follower, p50', `${cell('tail', follower, 'p50 ms')} ms`, 'tail'],
    [
      '100 newest of an IP among a million entries, p50',
      `${cell('query', ['by IP, 100 newest', 1_000_000], 'p50 ms') ?? cell('query', ['by IP, 100 newest', '1,000,000'], 'p50 ms')} ms`,
      'query',
    ],
  ].map(([what, figure, bench]) => [what, figure, `[\`bench ${bench}\`](docs/benchmarks.md#${bench})`]);
  return table(['what', 'figure', 'measured by'], rows);
}
