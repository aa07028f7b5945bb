import type { ProofReply } from '@tailrace/api';
import { openNote } from '@tailrace/audit';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { printable, printableJson } from '../print/printable.js';
import { readPublicKey } from './public-key.js';

/** Two million entries take a minute or two. */
const TIMEOUT_MS = 600_000;

/**
 * Has the gateway check its audit trail, and prints what it found.
 *
 * @param publicKey that the newest checkpoint must be signed with. @default the gateway's own are believed
 * @throws CliError when something is not as it was signed, or nobody can tell.
 */
export async function verifyTrail(
  { gateway, json, out, host }: ReturnType<OpenContext>,
  publicKey: string | undefined,
): Promise<void> {
  const key = publicKey === undefined ? undefined : await readPublicKey(publicKey);
  const found = await gateway.ask('GET /api/audit/proof', {
    signal: host.onInterrupt(),
    timeoutMs: TIMEOUT_MS,
  });
  const isOurs = key === undefined || openNote(found.checkpoint ?? '', key) !== undefined;
  if (json) await out.write(`${printableJson(found)}\n`);
  else for (const line of linesOf(found)) await out.write(`${line}\n`);
  if (!isOurs) throw new CliError('the newest checkpoint is not signed with that key');
  if (found.finding_count > 0)
    throw new CliError(`${found.finding_count} things are not as they were signed`);
  if (found.reason !== null) throw new CliError(`not all could be checked: ${printable(found.reason)}`);
}

function* linesOf(found: ProofReply): Generator<string> {
  for (const finding of found.findings) yield findingText(finding);
  yield `${found.proven} entries are as they were signed, of ${found.size}; the newest signature is of ${found.signed_at ?? 'never'}`;
  if (found.unsigned > 0) yield `${found.unsigned} entries are not signed yet`;
  if (found.before > 0) yield `${found.before} entries are from before the proof began, and not proven`;
  if (found.expired > 0) yield `${found.expired} entries are gone at the end of their time`;
  if (found.cleared > 0) yield `${found.cleared} entries were cleared, as entries logs.cleared say`;
  if (found.restarts > 0) yield `${found.restarts} times a shard lost what was not signed yet`;
}

function findingText({ kind, what, place, id, shard, seq }: ProofReply['findings'][number]): string {
  const of = place === null ? '' : ` ${place}`;
  const named = id === null ? '' : `: ${printable(id)}`;
  if (kind === 'checkpoint') return 'the newest checkpoint is not signed by a known key';
  if (kind === 'tree')
    return `the tree of the first ${(place ?? 0) + 1} entries is not the one that was signed`;
  if (what === 'number')
    return `entry ${seq} of shard ${shard} was removed before it was signed, or its leaf was (at place${of})`;
  if (what === 'leaf') return `the leaf of entry${of} was ${kind}${named}`;
  if (kind === 'added') return `an entry was added that nobody logged${named}`;
  if (kind === 'moved') return `entry${of} is there, and no search finds it${named}`;
  return `entry${of} was ${kind}${named}`;
}
