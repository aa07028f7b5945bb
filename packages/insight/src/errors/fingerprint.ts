import { createHash } from 'node:crypto';
import type { Entry, EntryError } from '@tailrace/schema';
import { normalMessage, requestName } from './normal-message.js';
import { ownFrame, type StackFrame } from './stack-frames.js';

/** What makes two errors the same one. */
export interface Fingerprint {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly type: string | null;
  readonly code: string | null;
  /** Without what differs between occurrences. */
  readonly message: string;
  /** Where it arose in own code: `loadUser (users.js)`. */
  readonly frames: readonly string[];
}

/** A function whose name is shorter was named by a minifier. */
const SHORTEST_NAME = 3;

/**
 * The fingerprint of an entry: what the service says in `data.fingerprint`, else type, code, normalised message and the
 * innermost frame in own code, by function and file; by position where a minifier took the names. A request without an
 * error is its method, route and status.
 */
export function fingerprintOf(entry: Entry): Fingerprint {
  const given = entry.data?.fingerprint;
  const { error } = entry;
  const frames = error?.stack === undefined ? [] : ownFrames(error.stack);
  const type = error?.type ?? null;
  const code = error === undefined ? codeOf(entry) : (error.code ?? null);
  const message = error === undefined ? messageOf(entry) : normalMessage(error.message);
  const parts =
    typeof given === 'string' && given !== ''
      ? ['given', given]
      : [type, code, message, rootTypes(error), ...(error === undefined ? [entry.component] : frames)];
  const id = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return { id, type, code, message, frames };
}

function codeOf({ status_code: status }: Entry): string | null {
  return status === undefined ? null : String(status);
}

function messageOf(entry: Entry): string {
  return entry.kind === 'request' ? requestName(entry) : normalMessage(entry.message);
}

/** The types of an error's causes, at most five. */
function rootTypes(error: EntryError | undefined): string {
  const types: string[] = [];
  for (let at = error?.cause; at !== undefined && types.length < 5; at = at.cause)
    types.push(`${at.type} ${at.code ?? ''}`);
  return types.join(' < ');
}

/** Who called is no part of what is wrong. */
function ownFrames(stack: string): string[] {
  const frame = ownFrame(stack);
  return frame === undefined ? [] : [shownFrame(frame)];
}

function shownFrame({ name, file, line, column }: StackFrame): string {
  // A bundler puts a hash into the names of files.
  const base = (file.split(/[\\/]/).at(-1) ?? '')
    .replace(/[?#].*$/, '')
    .replace(/[.-](?=[\w]*\d)[\w]{8,}(?=\.)/, '');
  const bare = name
    .replace(/^new /, '')
    .replace(/^(?:Object|Module|Function|<anonymous>)\./, '')
    .replace(/ \[as .*\]$/, '');
  const last = bare.split('.').at(-1) ?? '';
  const isNamed = last.length >= SHORTEST_NAME && last !== '<anonymous>';
  return isNamed ? `${bare} (${base})` : `${base}:${line}:${column}`;
}
