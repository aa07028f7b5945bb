import type { EntryReply, Level } from '@tailrace/schema';
import picocolors from 'picocolors';

type Paint = (text: string) => string;

/** Which colour says what. Every function returns its text unchanged when colours are off. */
export interface Palette {
  readonly dim: Paint;
  readonly warn: Paint;
  readonly method: Paint;
  readonly error: Paint;
  /** By level; requests with a status have the colour of the status instead. */
  readonly level: (level: Level) => Paint;
  readonly status: (statusCode: number) => Paint;
  /** Response times of a second and more stand out, as in `idx:req:slow`. */
  readonly duration: (milliseconds: number) => Paint;
}

/** @param enabled whether to colour at all */
export function createPalette(enabled: boolean): Palette {
  const colors = picocolors.createColors(enabled);
  const levels: Readonly<Record<EntryReply['level'], Paint>> = {
    TRACE: colors.gray,
    DEBUG: colors.gray,
    INFO: colors.green,
    WARNING: colors.yellow,
    ERROR: colors.red,
    CRITICAL: (text) => colors.bold(colors.red(text)),
    AUDIT: colors.magenta,
  };
  const classes = [colors.gray, colors.gray, colors.green, colors.cyan, colors.yellow, colors.red] as const;
  return {
    dim: colors.dim,
    warn: (text) => colors.bold(colors.yellow(text)),
    method: colors.bold,
    error: colors.red,
    level: (level) => levels[level] ?? colors.gray,
    status: (statusCode) => classes[Math.floor(statusCode / 100)] ?? colors.gray,
    duration: (milliseconds) => (milliseconds >= 1000 ? colors.yellow : colors.dim),
  };
}
