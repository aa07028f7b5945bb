/**
 * Writes what the docs repeat from the code: each block between `<!-- generated: NAME -->` and
 * `<!-- end of NAME -->` is made here, from the built packages or from the comments of their sources.
 *
 * `node scripts/docs.mjs` writes them; with `--check` it changes nothing and exits 1 when one is not as the code says.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { FORMATS, WRAPPERS } from '../packages/intake/dist/index.js';
import { alertRule } from './docs/alert-tables.mjs';
import { endpoints, errorCodes, ownParameters, parameters } from './docs/api-tables.mjs';
import { bench, figures } from './docs/bench-tables.mjs';
import { logFormats, recipes } from './docs/command-tables.mjs';
import { ROOT, read } from './docs/markdown.mjs';
import { gatewaySettings, loggerOptions } from './docs/option-tables.mjs';
import { secretNames, secretTokens } from './docs/redaction-tables.mjs';
import {
  entryFields,
  entryLimits,
  indexTable,
  levels,
  retention,
  storageTable,
} from './docs/storage-tables.mjs';

const BLOCK = /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- end of \2 -->)/g;

/** What makes each block. */
const BLOCKS = {
  'storage-table': storageTable,
  'index-table': indexTable,
  'entry-fields': entryFields,
  'entry-limits': entryLimits,
  levels,
  retention,
  'logger-options': loggerOptions,
  'gateway-settings': gatewaySettings,
  endpoints,
  'alert-rule': alertRule,
  'query-parameters': () => parameters('GET /logs'),
  'slow-parameters': () => ownParameters('GET /logs/slow'),
  'top-parameters': () => ownParameters('GET /logs/top'),
  'histogram-parameters': () => ownParameters('GET /logs/histogram'),
  'stream-parameters': () => ownParameters('GET /logs/stream'),
  'export-parameters': () => ownParameters('GET /logs/export'),
  'audit-parameters': () => parameters('GET /api/audit'),
  'error-codes': errorCodes,
  'secret-tokens': secretTokens,
  'secret-names': secretNames,
  recipes,
  'log-formats': () => logFormats(FORMATS),
  'log-wrappers': () => logFormats(WRAPPERS),
  'bench-import': () => bench('import'),
  'bench-write': () => bench('write'),
  'bench-call': () => bench('call'),
  'bench-embedded': () => bench('embedded'),
  'bench-query': () => bench('query'),
  'bench-outage': () => bench('outage'),
  'bench-loop': () => bench('loop'),
  'bench-tail': () => bench('tail'),
  'bench-middleware': () => bench('middleware'),
  'bench-start': () => bench('start'),
  'bench-load': () => bench('load'),
  'bench-sizes': () => bench('sizes'),
  'bench-archive': () => bench('archive'),
  'bench-cluster': () => bench('cluster'),
  'bench-insight': () => bench('insight'),
  'bench-console': () => bench('console'),
  'facets-parameters': () => ownParameters('GET /logs/facets'),
  'times-parameters': () => ownParameters('GET /logs/times'),
  figures,
};

const isCheck = process.argv.includes('--check');

function main() {
  const stale = documents().filter((path) => !refresh(path));
  for (const path of stale) {
    process.stdout.write(`${path} ${isCheck ? 'is stale; run: npx -y pnpm@10 run docs' : 'written'}\n`);
  }
  if (isCheck && stale.length > 0) process.exitCode = 1;
}

function documents() {
  const docs = ['docs', 'docs/connect'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, ROOT))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );
  return ['README.md', ...docs];
}

/** @returns whether the document was up to date. */
function refresh(path) {
  const before = read(path);
  const after = before.replace(BLOCK, (_, start, name, end) => {
    if (BLOCKS[name] === undefined) throw new Error(`${path}: there is no block "${name}"`);
    return `${start}\n${BLOCKS[name]()}\n\n${end}`;
  });
  if (after !== before && !isCheck) writeFileSync(new URL(path, ROOT), after);
  return after === before;
}

main();
