import type { EntryReply, Level } from '@tailrace/schema';
import picocolors from 'picocolors';

type Paint = (text: string) => string;

/** Which colour says what. Every function returns its text unchanged when colours are off. */
export interface Palette {
  readonly dim: Paint;
  readonly warn: Paint;
  /** By HTTP method; what is none is bold. */
  readonly method: Paint;
  /** Each component has a colour of its own, as far as there are colours. */
  readonly component: Paint;
  readonly error: Paint;
  /** What was searched for, within any other colour. */
  readonly highlight: Paint;
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
  const methods = new Map<string, Paint>([
    ['GET', colors.cyan],
    ['HEAD', colors.cyan],
    ['OPTIONS', colors.gray],
    ['POST', colors.yellow],
    ['PUT', colors.magenta],
    ['PATCH', colors.magenta],
    ['DELETE', colors.red],
  ]);
  const components = [
    colors.cyan,
    colors.blue,
    colors.magenta,
    colors.cyanBright,
    colors.blueBright,
    colors.magentaBright,
  ] as const;
  const classes = [colors.gray, colors.gray, colors.green, colors.cyan, colors.yellow, colors.red] as const;
  return {
    dim: colors.dim,
    warn: (text) => colors.bold(colors.yellow(text)),
    method: (text) => colors.bold((methods.get(text) ?? String)(text)),
    component: (name) => components[sumOf(name) % components.length]?.(name) ?? name,
    error: colors.red,
    highlight: colors.inverse,
    level: (level) => levels[level] ?? colors.gray,
    status: (statusCode) => classes[Math.floor(statusCode / 100)] ?? colors.gray,
    duration: (milliseconds) => (milliseconds >= 1000 ? colors.yellow : colors.dim),
  };
}

function sumOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 65_521;
  return sum;
}
