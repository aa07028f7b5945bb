export { decompress } from './input/decompress.js';
export { type Line, MAX_LINE_BYTES, readLines } from './input/lines.js';
export { type LineResult, parseLine } from './parse-line.js';
export type { IntakeEntry, Reason } from './parsed-line.js';
