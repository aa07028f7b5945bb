import type { ExportError } from '@tailrace/api';
import { ConnectionError } from './connection-error.js';
import { replyLines } from './reply-lines.js';

/** An export that ended before its end. */
export class IncompleteExportError extends Error {
  override readonly name = 'IncompleteExportError';
  /** The `cursor` with which the rest can be exported; `undefined` when nobody knows. */
  readonly nextCursor: string | undefined;

  constructor(message: string, nextCursor?: string, options?: ErrorOptions) {
    super(message, options);
    this.nextCursor = nextCursor;
  }
}

/**
 * The lines of an export as they come.
 *
 * @throws IncompleteExportError when the gateway could not go on, or the connection was lost.
 */
export async function* exportLines(
  response: Response,
  address: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  try {
    for await (const line of replyLines(response, address, signal)) {
      const failure = failureIn(line);
      if (failure !== undefined) throw failure;
      yield line;
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new IncompleteExportError('the connection to the gateway was lost', undefined, { cause: error });
  }
}

/** What the gateway says in place of the entries it could not send. */
function failureIn(line: string): IncompleteExportError | undefined {
  if (!line.startsWith('{"export_error":')) return undefined;
  const { message, next_cursor } = (JSON.parse(line) as ExportError).export_error;
  return new IncompleteExportError(message, next_cursor ?? undefined);
}
