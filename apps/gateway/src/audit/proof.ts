import { randomUUID } from 'node:crypto';
import type { CheckpointReply, ProofReply } from '@tailrace/api';
import {
  adoptUnproven,
  createAppender,
  createProofStore,
  type LogVerification,
  openProofFolder,
  readCheckpoint,
  verifyLog,
} from '@tailrace/audit';
import type { DeliveryReader, LogReader, Shard } from '@tailrace/query';
import type { RetentionDays } from '@tailrace/schema';
import type { EntryWriter } from '@tailrace/writer';
import { repeat } from '../insight/repeat.js';
import { StartError } from '../start/start-error.js';
import { createLossRecorder } from './record-losses.js';

/** The proof of the audit trail: this gateway appends to it and signs, in turn with others. */
export interface Proof {
  checkpoint(): Promise<CheckpointReply>;
  verify(signal: AbortSignal): Promise<ProofReply>;
  close(): Promise<void>;
}

/** @see openProof */
export interface ProofOptions {
  readonly shards: readonly Shard[];
  readonly reader: LogReader;
  /** What the writers say of themselves, and who writes what they lost. */
  readonly delivery: DeliveryReader;
  readonly writer: EntryWriter;
  readonly retentionDays: RetentionDays;
  /** Of key, leaves and checkpoints. */
  readonly folder: string;
  /** Whether the store ends with the gateway: then what it lost in its last second is taken up anew. */
  readonly isMemoryOnly: boolean;
  readonly report: (text: string) => void;
}

/** Time between two signatures, while there is something new. */
const TICK_MS = 1_000;
/** Time between two looks at what writers lost. */
const LOSSES_MS = 10_000;

/** @throws StartError when the folder cannot be used. */
export async function openProof(options: ProofOptions): Promise<Proof> {
  const { shards, reader, retentionDays, isMemoryOnly, report } = options;
  const store = createProofStore(shards);
  const folder = await openProofFolder(options.folder, Date.now()).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`AUDIT_DIR ${options.folder} cannot be used: ${reason}`, { cause });
  });
  const appender = createAppender({ store, folder, owner: randomUUID(), report });
  const closing = new AbortController();
  // An embedded store is empty: what the last one proved comes back before anybody asks.
  if (isMemoryOnly) {
    await appender.tick();
    await adoptUnproven({ store, folder, reader });
  }
  const recordLosses = createLossRecorder(options);
  let lookedAt = 0;
  const tick = async () => {
    const isHolder = await appender.tick();
    if (!isHolder || performance.now() - lookedAt < LOSSES_MS) return;
    lookedAt = performance.now();
    await recordLosses();
  };
  const loop = repeat(tick, {
    everyMs: TICK_MS,
    signal: closing.signal,
    report: (text) => report(`the audit trail is not signed: ${text}`),
  });
  return {
    async checkpoint() {
      const [{ checkpoint }, keys] = await Promise.all([store.state(), folder.publicKeys()]);
      const signed = readCheckpoint(checkpoint, keys);
      return {
        signing: true,
        size: signed?.size ?? 0,
        signed_at: isoOf(signed?.time),
        checkpoint: checkpoint || null,
        public_keys: [...keys],
      };
    },
    async verify(signal) {
      const [checkpoints, publicKeys] = await Promise.all([folder.checkpoints(), folder.publicKeys()]);
      const { began } = folder;
      const found = await verifyLog({
        store,
        reader,
        retentionDays,
        publicKeys,
        checkpoints,
        began,
        signal,
      });
      return proofReply(found);
    },
    async close() {
      closing.abort();
      await loop;
      // What was stored last is signed before the gateway ends.
      await appender.tick().catch(() => undefined);
      await appender.close().catch(() => undefined);
    },
  };
}

/** What a gateway replies that does not sign. */
export const NO_CHECKPOINT: CheckpointReply = {
  signing: false,
  size: 0,
  signed_at: null,
  checkpoint: null,
  public_keys: [],
};

/** @see NO_CHECKPOINT */
export const NO_PROOF: ProofReply = {
  signing: false,
  size: 0,
  signed_at: null,
  checkpoint: null,
  proven: 0,
  unsigned: 0,
  before: 0,
  expired: 0,
  cleared: 0,
  restarts: 0,
  findings: [],
  finding_count: 0,
  reason: 'this gateway signs nothing: neither AUDIT_DIR nor DATA_DIR is set',
};

function proofReply({ findings, findingCount, signedAt, ...found }: LogVerification): ProofReply {
  return {
    ...found,
    signing: true,
    signed_at: isoOf(signedAt),
    checkpoint: found.checkpoint || null,
    findings: findings.map(({ kind, what, place = null, id = null, shard = null, seq = null }) => ({
      kind,
      what,
      place,
      id,
      shard,
      seq,
    })),
    finding_count: findingCount,
    reason: found.reason ?? null,
  };
}

function isoOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
