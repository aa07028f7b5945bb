import { mapInSlices } from '../slices.js';
import type { HeldBody } from './held-bodies.js';
import { parseBody } from './json-body.js';
import { createJsonScan } from './json-scan.js';

/**
 * Reads a body of a JSON text a line; empty lines are left out.
 *
 * @returns the values, in the order of the lines
 * @throws RequestError when it goes past a bound (found out without reading it all), or a line is no JSON.
 */
export async function readNdjsonBody(request: Request, held: HeldBody): Promise<readonly unknown[]> {
  const text = (await held.read(request, createJsonScan({ perLine: true }))).toString();
  const lines = text.split('\n').map((line, i) => ({ line: line.trim(), number: i + 1 }));
  const filled = lines.filter(({ line }) => line !== '');
  return mapInSlices(filled, ({ line, number }) => parseBody(line, `line ${number}`));
}
