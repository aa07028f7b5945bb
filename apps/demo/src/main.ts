#!/usr/bin/env node
import { readConfig } from './config.js';
import { type DemoOutput, runDemo } from './demo.js';
import { DemoError } from './demo-error.js';

const ending = new AbortController();
/**
 * Ctrl-C reaches every process of the terminal, and the package manager above passes it on as well: signals so soon
 * after the first are the same wish.
 */
const SAME_WISH_MS = 1_000;
let endingSince = 0;
// The first signal ends in good order, a later one at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ending.signal.aborted && performance.now() - endingSince > SAME_WISH_MS) process.exit(1);
    if (!ending.signal.aborted) endingSince = performance.now();
    ending.abort();
  });
}

try {
  const { complete } = await runDemo(readConfig(), outputTo(process.stdout), ending.signal);
  process.exitCode = complete ? 0 : 1;
} catch (error) {
  const text = error instanceof DemoError ? error.message : (error as Error).stack;
  process.stderr.write(`tailrace demo: ${text}\n`);
  process.exitCode = 1;
}

/** Progress is for terminals: in a file it would be noise. */
function outputTo(stream: NodeJS.WriteStream): DemoOutput {
  const progress = (line: string) => {
    // Cut before the edge: a line that wraps cannot be taken back.
    if (stream.isTTY) stream.write(`\r\x1b[K${line.slice(0, stream.columns - 1)}`);
  };
  return {
    write: (text) => void stream.write(text),
    progress,
    trouble(line) {
      progress('');
      process.stderr.write(`tailrace logger: ${line}\n`);
    },
  };
}
