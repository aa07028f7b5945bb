import { createHash } from 'node:crypto';
import type { EntryInput } from '@tailrace/schema';
import type { EntryWriter, SenderIds, WriteResult } from '@tailrace/writer';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';

/** An entry, and the id its sender gave it. */
export interface SentEntry {
  readonly entry: EntryInput;
  readonly ownId?: string | undefined;
}

/** What {@link createWriteOnce} works with. */
export interface WriteOnceParts {
  readonly writer: EntryWriter;
  readonly senderIds: SenderIds;
}

/**
 * Writes the entries of a request. What has an id of its sender's own, and all of a request that has an `Idempotency-Key`,
 * is stored once, however often and through however many gateways it is sent: each entry's id is looked for and noted by
 * the script that stores it.
 *
 * @param content what tells the request from another with the same key
 * @returns what became of each, in their order
 * @throws RequestError for a key that is invalid, or was used for something else.
 */
export type WriteOnce = (
  request: Request,
  content: () => string | Uint8Array,
  sent: readonly SentEntry[],
) => Promise<readonly WriteResult[]>;

/** @see WriteOnce */
export function createWriteOnce({ writer, senderIds }: WriteOnceParts): WriteOnce {
  return async (request, content, sent) => {
    const key = keyOf(request);
    if (key === undefined) return write(sent);
    const digest = createHash('sha256')
      .update(`${new URL(request.url).pathname}\n`)
      .update(content())
      .digest('base64url');
    if (!(await senderIds.claim(key, digest))) {
      const message = `idempotency-key is ${shownValue(key)}, under which something else was sent; allowed: a key for each request, and the same body with it again`;
      throw new RequestError('idempotency_key_reused', message, 'idempotency-key');
    }
    return write(
      sent.map(({ entry, ownId }, place) => ({ entry, ownId: ownId ?? `${key} ${digest} ${place}` })),
    );
  };

  async function write(sent: readonly SentEntry[]): Promise<readonly WriteResult[]> {
    const isOwned = ({ ownId }: SentEntry) => ownId !== undefined;
    const owned = sent.filter(isOwned);
    if (owned.length === 0) return writer.write(sent.map(({ entry }) => entry));
    const ofOwned = writer.write(
      owned.map(({ entry }) => entry),
      { ownIds: owned.map(({ ownId = '' }) => ownId) },
    );
    const others = sent.filter((one) => !isOwned(one));
    const [results, otherResults] = await Promise.all([
      ofOwned,
      writer.write(others.map(({ entry }) => entry)),
    ]);
    const next = { owned: results.values(), other: otherResults.values() };
    return sent.map((one) => (isOwned(one) ? next.owned : next.other).next().value as WriteResult);
  }
}

const MAX_KEY_LENGTH = 255;
/** Bare, or as a string of a structured field (RFC 9651, section 3.3.3), as the draft of the header has it. */
const KEY = /^(?:"([\x20-\x21\x23-\x5b\x5d-\x7e]+)"|([\x21\x23-\x7e]+))$/;

/** @throws RequestError when there is one that is none. */
function keyOf(request: Request): string | undefined {
  const given = request.headers.get('idempotency-key');
  if (given === null) return undefined;
  const [, quoted, bare] = KEY.exec(given) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined && given.length <= MAX_KEY_LENGTH) return key;
  const message = `idempotency-key is ${shownValue(given)}; allowed: 1 to ${MAX_KEY_LENGTH} printable characters without spaces, such as a UUID`;
  throw new RequestError('invalid_parameter', message, 'idempotency-key');
}
