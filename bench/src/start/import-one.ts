/** What one import took. */
export interface StartFigures {
  readonly ms: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
}

const [name = ''] = process.argv.slice(2);
const cpuBefore = process.cpuUsage();
const before = performance.now();
await import(name);
const ms = performance.now() - before;
const { user, system } = process.cpuUsage(cpuBefore);
const figures: StartFigures = {
  ms,
  cpuMs: (user + system) / 1_000,
  memoryMb: process.memoryUsage.rss() / 1e6,
};
process.stdout.write(JSON.stringify(figures));
