import { setTimeout as sleep } from 'node:timers/promises';
import { type IntakeEntry, readSyslogMessage } from '@tailrace/intake';
import type { EntryWriter } from '@tailrace/writer';

/** What a {@link SyslogStore} works with. */
export interface SyslogStoreParts {
  readonly writer: EntryWriter;
  /** Of times that name no offset. @default UTC */
  readonly timeZone: string | undefined;
  readonly report: (text: string) => void;
  readonly now: () => number;
}

/** Entries written at a time. */
const MAX_ENTRIES = 1_000;
/** Milliseconds until a store that took nothing is asked again; twice as long each time. */
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;
/** How long a store that takes nothing is still asked when the gateway ends. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Stores messages, and waits as long as the store is away: who gives the next ones only then holds its senders back. */
export class SyslogStore {
  readonly #parts: SyslogStoreParts;
  #giveUpAt = Number.POSITIVE_INFINITY;

  constructor(parts: SyslogStoreParts) {
    this.#parts = parts;
  }

  /** Resolves when the messages are stored, or refused for good, which is reported. Never rejects. */
  async store(messages: readonly Buffer[]): Promise<void> {
    const { now, timeZone } = this.#parts;
    let entries: IntakeEntry[] = [];
    for (const message of messages) {
      const text = message.toString().replace(/[\0\r\n]+$/, '');
      if (text.trim() === '') continue;
      entries.push(...readSyslogMessage(text, { now: now(), timeZone }));
      if (entries.length < MAX_ENTRIES) continue;
      await this.#write(entries);
      entries = [];
    }
    if (entries.length > 0) await this.#write(entries);
  }

  /** From now on a store that is away is waited for a short while only. */
  close(): void {
    this.#giveUpAt = Date.now() + CLOSE_TIMEOUT_MS;
  }

  async #write(entries: readonly IntakeEntry[]): Promise<void> {
    const { writer, report } = this.#parts;
    for (let retryMs = MIN_RETRY_MS; ; retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)) {
      try {
        await writer.write(entries);
        return;
      } catch (error) {
        if (Date.now() + retryMs > this.#giveUpAt) {
          report(
            `${entries.length} messages of syslog are lost: the gateway ends, and ${(error as Error).message}`,
          );
          return;
        }
        await sleep(retryMs);
      }
    }
  }
}
