import { entrySchema } from '../../packages/api/dist/index.js';
import {
  DEFAULT_RETENTION_DAYS,
  ENTRY_LIMITS,
  INDEXES,
  LEVELS,
  RETENTION_CLASSES,
  STORAGE_TABLE,
  TEXT_LIMITS,
} from '../../packages/schema/dist/index.js';
import { code, grouped, known, read, table } from './markdown.mjs';
import { descriptionOf, typeOf } from './schema-words.mjs';

export function storageTable() {
  const rows = STORAGE_TABLE.map(({ key, type, holds, expires }) => [code(key), type, holds, expires]);
  return table(['key', 'type', 'holds', 'expires'], rows);
}

export function indexTable() {
  const rows = INDEXES.map(({ name, answers, keptByClass }) => [
    name,
    answers
      .split(', ')
      .map((part) => (/^[\w/]+$/.test(part) ? code(part) : part))
      .join(', '),
    keptByClass ? 'yes' : '',
  ]);
  return table(['index', 'answers', 'also by class'], rows);
}

export function entryFields() {
  const rows = Object.entries(entrySchema.shape).map(([name, schema]) => [
    code(name),
    typeOf(schema),
    TEXT_LIMITS[name] === undefined ? '' : grouped(TEXT_LIMITS[name]),
    descriptionOf(schema),
  ]);
  return table(['field', 'type', 'kept, characters', ''], rows);
}

export function entryLimits() {
  const source = read('packages/schema/src/entry/limits.ts');
  const rows = Object.entries(ENTRY_LIMITS).map(([name, limit]) => {
    const comment = new RegExp(`/\\*\\* ([^\\n]*?)\\.? \\*/\\n  ${name}:`).exec(source)?.[1];
    return [code(name), grouped(limit), comment ?? ''];
  });
  return table(['bound', 'value', ''], rows);
}

export function levels() {
  return table(
    ['level', 'number'],
    Object.entries(LEVELS).map(([name, number]) => [code(name), number]),
  );
}

const HOLDS = {
  requests: 'everything that is in no other class',
  errors: 'level ERROR and CRITICAL; requests with status >= 400',
  oauth: 'events `oauth.*`',
  audit: 'level AUDIT',
  stats: 'hourly counters',
};

export function retention() {
  const rows = RETENTION_CLASSES.map((name) => [
    code(name),
    DEFAULT_RETENTION_DAYS[name],
    known(HOLDS, name, 'HOLDS'),
  ]);
  return table(['class', 'days', 'what is in it'], rows);
}
