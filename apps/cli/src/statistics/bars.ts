const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const HEIGHTS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar of up to `width` columns, in eighths of one; anything above zero is seen. */
export function bar(value: number, max: number, width: number): string {
  if (value <= 0 || max <= 0) return '';
  const eighths = Math.max(1, Math.round((Math.min(value, max) / max) * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** One column a value, in eighths of its height; anything above zero is seen. */
export function columns(values: readonly number[], max = Math.max(...values)): string {
  return values
    .map((value) => {
      if (value <= 0 || max <= 0) return HEIGHTS[0];
      return HEIGHTS[Math.min(8, Math.max(1, Math.round((value / max) * 8)))];
    })
    .join('');
}
