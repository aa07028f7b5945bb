import { bodyChunks } from './body-chunks.js';
import { ConnectionError } from './connection-error.js';

/**
 * The lines of a reply as they come, without their ends.
 *
 * @param signal the wish of whoever asked; what it ends rejects with its reason *
 * @throws ConnectionError when the reply is cut off, also within a line.
 */
export async function* replyLines(
  response: Response,
  address: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of bodyChunks(response)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ConnectionError(address, error);
  }
  if (rest !== '') throw new ConnectionError(address, new Error('the last line is cut off'));
}
