import type { ClearProgress } from '@tailrace/api';
import { GatewayError } from './gateway-error.js';
import { replyLines } from './reply-lines.js';

/**
 * The progress of a removal, line by line.
 *
 * @throws GatewayError when it is no gateway that replies; ConnectionError when the reply is cut off.
 */
export async function* clearProgress(
  response: Response,
  address: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ClearProgress, void> {
  for await (const line of replyLines(response, address, signal)) {
    const progress = parsed(line);
    if (progress === undefined) throw new GatewayError(address, response.status);
    yield progress;
  }
}

function parsed(line: string): ClearProgress | undefined {
  try {
    const progress = JSON.parse(line) as ClearProgress;
    return typeof progress.removed === 'number' && typeof progress.done === 'boolean' ? progress : undefined;
  } catch {
    return undefined;
  }
}
