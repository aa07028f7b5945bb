import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '@tailrace/schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsoleOutput } from './console-output.js';

const ENTRY: Entry = {
  id: '',
  timestamp: Date.UTC(2024, 0, 15, 10, 30, 45, 123),
  kind: 'log',
  level: 'INFO',
  component: 'api',
  message: 'hello',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-console-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A pipe with a reader that reads only when asked, and a writing end as a shell makes it: blocking. */
function makePipe() {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const read = () => {
    const buffer = Buffer.alloc(1024 * 1024);
    let text = '';
    for (;;) {
      try {
        const bytes = readSync(reader, buffer);
        if (bytes === 0) return text;
        text += buffer.toString('utf8', 0, bytes);
      } catch {
        return text;
      }
    }
  };
  return { reader, writer, read };
}

describe.skipIf(process.platform !== 'linux')('ConsoleOutput', () => {
  it('writes a line an entry, in order, to a file as well', async () => {
    const path = join(folder, 'out');
    const fd = openSync(path, 'a');
    const output = new ConsoleOutput({ format: 'json', fd });
    for (let i = 0; i < 5_000; i++) output.write({ ...ENTRY, message: `entry ${i} é` });
    await sleep(50);
    output.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(
      Array.from({ length: 5_000 }, (_, i) => `entry ${i} é`),
    );
    expect(output.dropped).toBe(0);
    closeSync(fd);
  });

  it('never waits for a reader that stopped, drops past its bound, and goes on when the reader does', async () => {
    const { reader, writer, read } = makePipe();
    const output = new ConsoleOutput({ format: 'pretty', fd: writer, maxBufferedBytes: 50_000 });
    const write = async (count: number) => {
      for (let i = 0; i < count; i++) {
        output.write(ENTRY);
        if (i % 500 === 0) await sleep(1);
      }
    };
    await write(10_000);
    expect(output.dropped).toBeGreaterThan(1_000);
    let seen = '';
    for (let last = -1; seen.length > last; await sleep(60)) {
      last = seen.length;
      seen += read();
    }
    const lines = seen.trimEnd().split('\n');
    expect(new Set(lines).size).toBe(1);
    expect(lines.length + output.dropped).toBe(10_000);
    output.write({ ...ENTRY, message: 'again' });
    output.close();
    expect(read()).toContain('again');
    closeSync(reader);
    closeSync(writer);
  });

  it('leaves the descriptor it was given as it was', () => {
    const { reader, writer } = makePipe();
    const flags = () => /flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${writer}`, 'utf8'))?.[1];
    const before = flags();
    new ConsoleOutput({ format: 'json', fd: writer }).close();
    expect(flags()).toBe(before);
    expect(fstatSync(writer).isFIFO()).toBe(true);
    closeSync(reader);
    closeSync(writer);
  });

  it('ends quietly when the reader went away', async () => {
    const { reader, writer } = makePipe();
    const output = new ConsoleOutput({ format: 'json', fd: writer });
    closeSync(reader);
    output.write(ENTRY);
    await sleep(10);
    output.write(ENTRY);
    output.flushSync();
    output.close();
    expect(output.dropped).toBe(1);
    closeSync(writer);
  });

  it('counts what a full disk does not take, and ends no flush in a loop', () => {
    const fd = openSync('/dev/full', 'w');
    const output = new ConsoleOutput({ format: 'json', fd });
    output.write(ENTRY);
    output.flushSync();
    output.write(ENTRY);
    output.close();
    expect(output.dropped).toBe(2);
    closeSync(fd);
  });

  it('gives up at the exit on a reader that takes nothing', () => {
    const { reader, writer } = makePipe();
    const output = new ConsoleOutput({ format: 'json', fd: writer });
    for (let i = 0; i < 5_000; i++) output.write(ENTRY);
    output.close();
    expect(output.dropped).toBeGreaterThan(1_000);
    closeSync(reader);
    closeSync(writer);
  });
});
