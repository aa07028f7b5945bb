import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';

const redactor = new Redactor({ hashed: [] });
const folder = folderAbove('shared/data');

/** A folder beside one that this file is in; `undefined` where there is none. */
function folderAbove(path: string): string | undefined {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    if (existsSync(join(at, path))) return join(at, path);
    if (at === dirname(at)) return undefined;
  }
}

/** What of a line is changed: the line and its texts in quotes, or with JSON what is in it. */
function changesIn(line: string): string[] {
  const data = parsed(line);
  const quoted = data === undefined ? (line.match(/"[^"]*"/g) ?? []) : [];
  const texts = [line, ...quoted.map((text) => text.slice(1, -1))];
  const changed = texts.filter((text) => redactor.text(text) !== text);
  return data === undefined || redactor.data({ data }).data === data ? changed : [...changed, line];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

describe.skipIf(folder === undefined)('real logs', () => {
  const read = (path: string) => readFileSync(join(folder as string, path), 'utf8').split('\n');

  it('of a public web site lose their sessions and OAuth states alone', () => {
    const changed = read('apache_logs').flatMap(changesIn);
    expect(changed.filter((text) => !/[?&](?:sid=[0-9a-f]{32}|state=[\w-]{20,})/.test(text))).toEqual([]);
    expect(changed.length).toBeLessThanOrEqual(12);
  });

  it('of many programs lose nothing', () => {
    const files = readdirSync(join(folder as string, 'formats')).filter((name) =>
      /\.(?:log|ndjson)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((name) => read(`formats/${name}`)).flatMap(changesIn)).toEqual([]);
  });
});
