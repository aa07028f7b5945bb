import { ENTRY_LIMITS } from '@tailrace/schema';
import { LETTER_BYTES, NODE_BYTES } from './heap-bytes.js';

/** What is left to spend on a copy. */
export interface CopyBudget {
  /** Members and elements, over all levels. */
  nodes: number;
  /** Code units of names and texts. */
  letters: number;
  /** Errors, causes and members together. */
  errors: number;
  /** Whether something was too deep, too long or too much. */
  isCut: boolean;
}

/** Letters read beyond what is stored, so that a secret across the limit is known as one; longer than most kinds are. */
export const READ_BEYOND = 512;
/** Errors kept of one value, causes and members together. */
const MAX_ERRORS = 32;

/** A budget of so many letters, and of as many members as `data` may have. */
export function copyBudget(letters: number): CopyBudget {
  return { nodes: ENTRY_LIMITS.dataNodes, letters, errors: MAX_ERRORS, isCut: false };
}

/** Heap bytes of what was spent of a budget that began with so many letters, about. */
export function spentBytes(budget: CopyBudget, letters: number): number {
  const nodes = ENTRY_LIMITS.dataNodes - budget.nodes;
  return nodes * NODE_BYTES + (letters - budget.letters) * LETTER_BYTES;
}

/** Pays for one more member. @returns `false` when nothing is left for one, which cuts the copy. */
export function spendNode(budget: CopyBudget): boolean {
  if (budget.nodes > 0 && budget.letters > 0) {
    budget.nodes--;
    return true;
  }
  budget.isCut = true;
  return false;
}

/**
 * The beginning of a text, as much as the budget and `limit` allow. What a cut would leave of its last word is left out as
 * well: half of a secret is not known as one.
 */
export function copyText(text: string, budget: CopyBudget, limit: number = Number.POSITIVE_INFINITY): string {
  const length = Math.min(limit, budget.letters);
  if (text.length <= length) {
    budget.letters -= text.length;
    return text;
  }
  budget.isCut = true;
  budget.letters -= length;
  return detach(text.slice(0, wholeWords(text, length)));
}

/** Where the word begins that the end lies in; the end itself where that word is longer than secrets are. */
function wholeWords(text: string, end: number): number {
  const first = Math.max(0, end - READ_BEYOND);
  let begin = end;
  while (begin > first && isOfWord(text.charCodeAt(begin - 1))) begin--;
  const isAll = begin === first && first > 0;
  return isAll || !isOfWord(text.charCodeAt(end)) ? end : begin;
}

/** Letters, digits, what tokens have beside them, and everything beyond ASCII. */
function isOfWord(code: number): boolean {
  return code > 127 || IN_WORDS.has(code);
}

const IN_WORDS = new Set(
  Array.from({ length: 128 }, (_, code) => code).filter((code) =>
    /[\w+/=.~%-]/.test(String.fromCharCode(code)),
  ),
);

/** V8 keeps the whole of a text alive for a part of it; this copies the part. */
export function detach(part: string): string {
  return Buffer.from(part, 'utf16le').toString('utf16le');
}
