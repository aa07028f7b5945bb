import { type ClearProgress, clearProgressSchema } from '@tailrace/api';
import { GatewayError } from '../gateway-error.js';

/**
 * Reads the NDJSON of `DELETE /logs` as it comes. It ends with the last whole line, also where the connection was lost.
 *
 * @throws GatewayError when it is no gateway that replies.
 */
export async function* readClearProgress(response: Response, address: string): AsyncGenerator<ClearProgress> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parseLine(line, address);
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
  }
}

function parseLine(line: string, address: string): ClearProgress {
  try {
    return clearProgressSchema.parse(JSON.parse(line));
  } catch {
    throw GatewayError.foreign(address);
  }
}
