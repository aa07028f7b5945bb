import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { adoptSpool } from './adopt-spool.js';
import { chunkOf, drain, numbersOf, startProcess, useSpools, WRITER } from './testing/spool-fixture.js';

const fixture = useSpools();

const STORE = `
  const entry = { id: 'log:1:app:A', timestamp: 1, kind: 'log', level: 'INFO', component: 'app', message: '' };
  const chunk = (number) => ({ number, counts: { accepted: number }, entries: [entry] });
  const spool = createSpool({ writerId: input });
  say(await spool.append([chunk(1), chunk(2)]));
`;
const STAY = 'setInterval(() => {}, 60_000);';

/** A worker thread that spools a chunk and stays. */
const IN_WORKER = `
  import { parentPort, workerData } from 'node:worker_threads';
  const { Spool } = await import(workerData.module);
  const spool = new Spool({ ...workerData.options, onDropped() {}, onTaken: () => 'other' });
  await spool.append([workerData.chunk]);
  parentPort.postMessage('spooled');
  setInterval(() => {}, 60_000);
`;

/** A process that tries once, and what it has got: the writer's id, or nothing. */
const ADOPT = `
  const adopted = await adoptSpool(place);
  say(adopted?.writerId ?? null);
`;

describe('adoptSpool', () => {
  it('finds nothing where there is nothing, and makes nothing', async () => {
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    await expect(readdir(fixture.place.spoolDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes the spool of a process that was killed, with its writer and numbers', async () => {
    const owner = startProcess(fixture.place, STORE + STAY, 'killed');
    await owner.says(1);
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    await owner.kill();
    const adopted = await adoptSpool(fixture.place);
    expect(adopted).toMatchObject({ writerId: 'killed', entries: 2 });
    const chunks = adopted === undefined ? [] : await drain(adopted);
    expect(chunks.map(({ number, counts }) => [number, counts])).toEqual([
      [1, { accepted: 1 }],
      [2, { accepted: 2 }],
    ]);
    expect(await readdir(fixture.target)).toEqual([]);
  });

  it('takes a spool that was closed, at once and in the same process', async () => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(1)]);
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    await spool.close();
    const adopted = await adoptSpool(fixture.place);
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    await adopted?.close();
    const again = await adoptSpool(fixture.place);
    expect(again).toMatchObject({ writerId: WRITER, entries: 1 });
    expect(again && (await drain(again))).toEqual([chunkOf(1)]);
  });

  it('gives each spool to one of many processes that try at once', async () => {
    for (let round = 0; round < 3; round++) {
      const owner = startProcess(fixture.place, STORE, 'contested');
      await owner.ended();
      const start = Date.now() + 1_500;
      const wait = `await new Promise((resolve) => setTimeout(resolve, ${start} - Date.now()));`;
      const claimants = Array.from({ length: 6 }, () => startProcess(fixture.place, wait + ADOPT + STAY));
      const got = (await Promise.all(claimants.map((claimant) => claimant.says(1)))).flat();
      expect(got.filter((writerId) => writerId === 'contested')).toHaveLength(1);
      expect(got.filter((writerId) => writerId === null)).toHaveLength(5);
      expect(await adoptSpool(fixture.place)).toBeUndefined();
      // Who claimed it dies as well: it can be adopted again.
      await Promise.all(claimants.map((claimant) => claimant.kill()));
      const adopted = await adoptSpool(fixture.place);
      expect(adopted && numbersOf(await drain(adopted))).toEqual([1, 2]);
      expect(await readdir(fixture.target)).toEqual([]);
    }
  });

  it('finds nothing to read once the spool was taken from it in turn', async () => {
    await startProcess(fixture.place, STORE, 'taken').ended();
    const adopted = await adoptSpool(fixture.place);
    const name = (await readdir(fixture.target)).find((name) => !name.endsWith('.owner')) as string;
    await rename(join(fixture.target, name), join(fixture.target, 'taken.again'));
    expect(await adopted?.peek()).toBeUndefined();
    expect(await readdir(fixture.target)).toEqual(['taken.again']);
  });

  it('knows a process number that was given again', async () => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(1)]);
    const path = join(fixture.target, `${WRITER}.owner`);
    const mark = JSON.parse(await readFile(path, 'utf8'));
    expect(mark.pid).toBe(process.pid);
    await writeFile(path, JSON.stringify({ ...mark, startTime: '1' }));
    // Where there is no /proc, only the number is known.
    const isTaken = (await adoptSpool(fixture.place)) !== undefined;
    expect(isTaken).toBe(mark.startTime !== undefined);
  });

  it.each([
    ['of another host', (mark: object) => JSON.stringify({ ...mark, pid: 999_999_999, place: 'elsewhere' })],
    ['half written', () => '{"pid":'],
    ['for a process group', (mark: object) => JSON.stringify({ ...mark, pid: -1 })],
  ])('goes by the heartbeat of an owner file %s', async (_, content) => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(1)]);
    const path = join(fixture.target, `${WRITER}.owner`);
    await writeFile(path, content(JSON.parse(await readFile(path, 'utf8'))));
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    const before = new Date(Date.now() - 70_000);
    await utimes(path, before, before);
    expect(await adoptSpool(fixture.place)).toMatchObject({ writerId: WRITER });
  });

  it('takes the spool of a worker thread that is gone while its process lives, not of one that is there', async () => {
    const workerData = {
      module: new URL('../../dist/spool/spool.js', import.meta.url).href,
      options: { ...fixture.place, writerId: 'worker-1', maxBytes: 1 << 20, fsync: false },
      chunk: chunkOf(1),
    };
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(IN_WORKER)}`), {
      workerData,
    });
    await once(worker, 'message');
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    await worker.terminate();
    const adopted = await adoptSpool(fixture.place);
    expect(adopted?.writerId).toBe('worker-1');
    expect(adopted && numbersOf(await drain(adopted))).toEqual([1]);
    await adopted?.close();
  });

  it('sees the heartbeat of a living owner, also when its file was removed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { spool } = fixture.create();
      await spool.append([chunkOf(1)]);
      const path = join(fixture.target, `${WRITER}.owner`);
      const before = new Date(Date.now() - 70_000);
      await utimes(path, before, before);
      vi.advanceTimersByTime(5_000);
      await vi.waitFor(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(before.getTime()));
      await rm(path);
      vi.advanceTimersByTime(5_000);
      await vi.waitFor(() => stat(path));
      await spool.close();
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves a format it does not know to those who do', async () => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(1)]);
    const [path = ''] = await fixture.segments();
    await writeFile(path, (await readFile(path, 'utf8')).replace('spool 1 ', 'spool 2 '));
    await spool.close();
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    expect(await readdir(fixture.target)).toEqual([WRITER]);
  });

  it('clears away what processes leave that end half-way', async () => {
    await mkdir(join(fixture.target, 'empty'), { recursive: true, mode: 0o700 });
    await mkdir(join(fixture.target, 'rewriting'), { mode: 0o700 });
    await writeFile(join(fixture.target, 'rewriting', '000001.spool.tmp'), 'half');
    const dead = await deadMark();
    await writeFile(join(fixture.target, 'claimed.x.owner'), dead);
    await writeFile(join(fixture.target, 'rewriting.owner'), dead);
    expect(await adoptSpool(fixture.place)).toBeUndefined();
    expect(await readdir(fixture.target)).toEqual([]);
  });

  it('is not stopped by other files', async () => {
    await mkdir(fixture.target, { recursive: true, mode: 0o700 });
    await writeFile(join(fixture.target, '.DS_Store'), '');
    await mkdir(join(fixture.target, 'a-shared-one'), { mode: 0o777 });
    await startProcess(fixture.place, STORE, 'writer').ended();
    expect(await adoptSpool(fixture.place)).toMatchObject({ writerId: 'writer' });
  });
});

/** What the owner file of a process holds that has ended. */
async function deadMark(): Promise<string> {
  const owner = startProcess(fixture.place, STORE + STAY, 'dead');
  await owner.says(1);
  const mark = await readFile(join(fixture.target, 'dead.owner'), 'utf8');
  await owner.kill();
  const adopted = await adoptSpool(fixture.place);
  if (adopted !== undefined) await drain(adopted);
  return mark;
}
