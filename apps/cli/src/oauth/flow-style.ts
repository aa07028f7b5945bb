import type { FlowState } from '@tailrace/schema';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';

/** How flows look. */
export interface FlowStyle {
  readonly palette: Palette;
  readonly zone: 'utc' | 'local';
  /** Lines are no wider than this, where their words allow it. */
  readonly columns: number;
}

/** A step's or flow's mark and colour. */
export interface Mark {
  readonly sign: string;
  readonly paint: (text: string) => string;
}

/** The mark of a step: it went well, failed, or only began. */
export function stepMark(outcome: 'success' | 'failure' | undefined, { palette }: FlowStyle): Mark {
  if (outcome === 'failure') return { sign: '✗', paint: palette.error };
  if (outcome === 'success') return { sign: '✓', paint: palette.level('INFO') };
  return { sign: '•', paint: palette.dim };
}

/** The mark of a flow; one that is complete and yet not as it should be stands out. */
export function flowMark(state: FlowState, { palette }: FlowStyle, isDiagnosed = false): Mark {
  if (state === 'failed') return { sign: '✗', paint: palette.error };
  if (state === 'complete' && !isDiagnosed) return { sign: '✓', paint: palette.level('INFO') };
  const signs = { complete: '!', open: '…', abandoned: '○' };
  return { sign: signs[state], paint: palette.level('WARNING') };
}

/** `failed at token`, `abandoned after login`, `complete`, `open after authorize` */
export function stateText(state: FlowState, at: string | null): string {
  if (state === 'complete' || at === null) return state;
  return `${state} ${state === 'failed' ? 'at' : 'after'} ${printable(at)}`;
}

/** `+0ms`, `+45ms`, `+1.20s`, `+14min`, `+3.2h` */
export function gapText(ms: number): string {
  if (ms < 1_000) return `+${Math.max(0, Math.round(ms))}ms`;
  if (ms < 120_000) return `+${(ms / 1_000).toFixed(2)}s`;
  return ms < 7_200_000 ? `+${Math.round(ms / 60_000)}min` : `+${(ms / 3_600_000).toFixed(1)}h`;
}
