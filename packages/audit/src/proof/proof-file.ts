import { canonicalJson, isJsonObject, type JsonValue } from '@tailrace/schema';
import { isIncluded, leafHash, merkleTree } from './merkle-tree.js';
import { type NoteSigner, openNote, signNote } from './signed-note.js';

/** An entry as JSON, by its name in the tree. */
export type ProvenEntry = { readonly [name: string]: JsonValue };

/** The window the entries are of. */
export interface ProofWindow {
  readonly from: string;
  readonly to: string;
}

/**
 * Writes entries with a proof of each: a line with the signed checkpoint (https://c2sp.org/tlog-checkpoint), then a line an entry.
 *
 * @param entries as JSON, in the order they shall have
 */
export function* proofLines(
  entries: readonly string[],
  signer: NoteSigner,
  window: ProofWindow,
): Generator<string> {
  const tree = merkleTree(entries.map((entry) => leafHash(canonicalJson(JSON.parse(entry)))));
  const text = `${signer.name}\n${entries.length}\n${tree.root.toString('base64')}\n${window.from} ${window.to}\n`;
  yield JSON.stringify({ checkpoint: signNote(text, signer) });
  for (const [index, entry] of entries.entries()) {
    const proof = JSON.stringify(tree.proofOf(index).map((hash) => hash.toString('base64')));
    yield `{"index":${index},"proof":${proof},"entry":${entry}}`;
  }
}

/** Something in a proof file that is not as it was signed. */
export interface ProofFinding {
  /** `checkpoint`: it is not of this key; then nothing else is known. */
  readonly kind: 'checkpoint' | 'changed' | 'removed' | 'added' | 'moved';
  /** Place in the signed order, from 0; `undefined` for what was added, and the checkpoint. */
  readonly index: number | undefined;
  /** Line of the file, from 1; `undefined` for what is not in it. */
  readonly line: number | undefined;
}

/** What a proof file turned out to be. */
export interface ProofResult {
  /** In the order of the file, then what is missing. Empty: nothing was changed. */
  readonly findings: readonly ProofFinding[];
  /** Entries that were signed. */
  readonly size: number;
  readonly window: ProofWindow | undefined;
  /** What is proven, in the order of the file. */
  readonly entries: readonly ProvenEntry[];
}

/**
 * Checks a proof file by the public key alone, and names each entry that was changed, removed, added or moved.
 *
 * @param verifierKey `name+hash+base64`
 * @throws RangeError when the key is none.
 */
export async function checkProofLines(
  lines: AsyncIterable<string> | Iterable<string>,
  verifierKey: string,
): Promise<ProofResult> {
  const findings: ProofFinding[] = [];
  const entries: ProvenEntry[] = [];
  const seen = new Set<number>();
  const doubtful = new Map<number, ProofFinding>();
  let checkpoint: Checkpoint | undefined;
  let line = 0;
  let newest = -1;
  for await (const text of lines) {
    line++;
    if (line === 1) {
      checkpoint = readCheckpoint(text, verifierKey);
      if (checkpoint === undefined) break;
      continue;
    }
    const read = readLine(text);
    const { index } = read ?? { index: undefined };
    if (read === undefined || checkpoint === undefined || !isProven(read, checkpoint)) {
      // A line that cannot be read stands where the next one should.
      const place = index ?? newest + 1;
      const finding = { kind: 'changed', index: place, line } as const;
      if (doubtful.has(place) || place >= (checkpoint?.size ?? 0))
        findings.push({ kind: 'added', index: undefined, line });
      else doubtful.set(place, finding);
      if (index === undefined) newest++;
      continue;
    }
    if (seen.has(read.index)) findings.push({ kind: 'added', index: undefined, line });
    else if (read.index < newest) findings.push({ kind: 'moved', index: read.index, line });
    if (!seen.has(read.index)) entries.push(read.entry);
    seen.add(read.index);
    newest = Math.max(newest, read.index);
  }
  if (checkpoint === undefined) {
    return {
      findings: [{ kind: 'checkpoint', index: undefined, line: 1 }],
      size: 0,
      window: undefined,
      entries: [],
    };
  }
  for (const [index, finding] of doubtful) {
    findings.push(seen.has(index) ? { ...finding, kind: 'added', index: undefined } : finding);
  }
  findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  for (let index = 0; index < checkpoint.size; index++) {
    if (!seen.has(index) && !doubtful.has(index)) findings.push({ kind: 'removed', index, line: undefined });
  }
  return { findings, size: checkpoint.size, window: checkpoint.window, entries };
}

interface Checkpoint {
  readonly size: number;
  readonly root: Buffer;
  readonly window: ProofWindow;
}

interface ProofLine {
  readonly index: number;
  readonly proof: readonly Buffer[];
  readonly entry: ProvenEntry;
}

function readCheckpoint(line: string, verifierKey: string): Checkpoint | undefined {
  const value = parseJson(line);
  const note = isJsonObject(value) && typeof value.checkpoint === 'string' ? value.checkpoint : '';
  const [, size = '', root = '', window = ''] = openNote(note, verifierKey)?.split('\n') ?? [];
  const [from = '', to = ''] = window.split(' ');
  return /^\d{1,10}$/.test(size)
    ? { size: Number(size), root: Buffer.from(root, 'base64'), window: { from, to } }
    : undefined;
}

function readLine(text: string): ProofLine | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value)) return undefined;
  const { index, proof, entry } = value;
  if (typeof index !== 'number' || !Array.isArray(proof) || !isJsonObject(entry)) return undefined;
  return { index, proof: proof.map((hash) => Buffer.from(String(hash), 'base64')), entry };
}

function isProven({ index, proof, entry }: ProofLine, checkpoint: Checkpoint): boolean {
  return isIncluded(leafHash(canonicalJson(entry)), index, proof, checkpoint);
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
