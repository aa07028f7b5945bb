/** A key of ours is taken by somebody else, who keeps a value of another type there. */
export class KeyConflictError extends Error {
  override readonly name = 'KeyConflictError';
  readonly code = 'key_conflict';
  readonly key: string;

  /** @param type what the key should hold, as Redis calls it */
  constructor(key: string, type: 'hash' | 'zset' | 'stream', cause: unknown) {
    super(
      `the key ${JSON.stringify(key)} holds something of another program; allowed: a ${type} of Tailrace. Rename it, or set KEY_PREFIX here and in every logger`,
      { cause },
    );
    this.key = key;
  }
}

/**
 * Waits for the reply to a command on one key.
 *
 * @throws {@link KeyConflictError} where the key is of another type; what Redis or the connection throws.
 */
export async function replyOf<Reply>(
  key: string,
  type: 'hash' | 'zset' | 'stream',
  reply: Promise<Reply>,
): Promise<Reply> {
  try {
    return await reply;
  } catch (error) {
    throw isWrongType(error) ? new KeyConflictError(key, type, error) : error;
  }
}

/** Whether Redis refused a command as its key is of another type. */
export function isWrongType(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('WRONGTYPE');
}
