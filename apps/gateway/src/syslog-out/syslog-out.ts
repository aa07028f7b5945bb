import { setTimeout as sleep } from 'node:timers/promises';
import type { Following, Tail } from '@tailrace/query';
import type { Filter } from '@tailrace/schema';
import type { SentPosition } from './sent-position.js';
import { connectSyslog, type SyslogConnection, type SyslogDestination } from './syslog-connection.js';
import { type SyslogBody, syslogFrame } from './syslog-text.js';

/** What {@link startSyslogOut} works with. */
export interface SyslogOutParts {
  readonly tail: Tail;
  readonly destination: SyslogDestination;
  readonly filter: Filter;
  readonly body: SyslogBody;
  readonly position: SentPosition;
  readonly version: string;
  readonly report: (text: string) => void;
}

/** Sends entries on until it is closed. */
export interface SyslogOut {
  close(): Promise<void>;
}

/**
 * Syslog has no receipts: what the system has taken for a receiver that ends is lost. So an entry counts as sent only when
 * its connection has lived on for so long; after another one it is sent again.
 */
const SETTLED_MS = 5_000;
const WAIT_MS = 500;
const MIN_RETRY_MS = 200;
const MAX_RETRY_MS = 10_000;

/** Sends every entry that matches, in the order in which they were stored, each at least once. */
export function startSyslogOut(parts: SyslogOutParts): SyslogOut {
  const closing = new AbortController();
  const done = run(parts, closing.signal);
  return {
    async close() {
      closing.abort();
      await done;
    },
  };
}

async function run(parts: SyslogOutParts, closing: AbortSignal): Promise<void> {
  const { destination, position, report } = parts;
  const name = `syslog to ${destination.host}:${destination.port}`;
  let retryMs = MIN_RETRY_MS;
  let hasFailed = false;
  while (!closing.aborted) {
    let connection: SyslogConnection | undefined;
    try {
      const after = await position.read();
      connection = await connectSyslog(destination, closing);
      if (hasFailed) report(`${name}: connected again`);
      hasFailed = false;
      await sendOn(parts, connection, after, closing, () => {
        retryMs = MIN_RETRY_MS;
      });
    } catch (error) {
      if (!closing.aborted && !hasFailed) report(`${name}: ${(error as Error).message}; it is tried again`);
      hasFailed = true;
    } finally {
      await connection?.close();
    }
    if (closing.aborted) return;
    await sleep(retryMs, undefined, { signal: closing }).catch(() => undefined);
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  }
}

/** @param works is told when something was sent  @throws when the connection ends, or the store is away */
async function sendOn(
  { tail, filter, body, position, version, report }: SyslogOutParts,
  connection: SyslogConnection,
  from: string | undefined,
  closing: AbortSignal,
  works: () => void,
): Promise<void> {
  let after = from;
  const settling = new Settling(position, from);
  let following: Following | undefined;
  const leave = () => following?.leave();
  closing.addEventListener('abort', leave);
  try {
    while (!closing.aborted) {
      following = await tail.follow({ filter, ...(after !== undefined && { after }) });
      after = await follow(following);
    }
  } finally {
    closing.removeEventListener('abort', leave);
    following?.leave();
    if (closing.aborted) {
      await connection.close();
      await settling.settleAll();
    }
  }

  /** @returns the id to go on from, when it cannot go on itself */
  async function follow(source: Following): Promise<string | undefined> {
    let sent = after ?? source.position;
    for (;;) {
      if (after === undefined && sent === undefined) sent = source.position;
      const events = await Promise.race([source.next(WAIT_MS), connection.ended]);
      if (events === undefined) return sent;
      for (const event of events) {
        // The stream is what holds entries for a slow receiver: they are read from it again.
        if (event.type === 'missed') {
          source.leave();
          return sent;
        }
        if (event.type === 'gap') report(`syslog: entries are gone before they were sent (${event.reason})`);
        if (event.type !== 'entry') continue;
        await connection.write(syslogFrame(event.entry, body, version));
        sent = event.streamId;
        works();
      }
      if (source.position !== undefined && events.length === 0) sent = source.position;
      await settling.note(sent);
    }
  }
}

/** Writes down how far was sent, once the connection has lived on. */
class Settling {
  readonly #position: SentPosition;
  readonly #sent: { readonly id: string; readonly at: number }[] = [];
  #written: string | undefined;

  constructor(position: SentPosition, written: string | undefined) {
    this.#position = position;
    this.#written = written;
  }

  async note(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    // The first place ever is where all begins, and must be known before anything is sent.
    if (this.#written === undefined) await this.#write(id);
    if (this.#sent.at(-1)?.id !== id) this.#sent.push({ id, at: performance.now() });
    const due = performance.now() - SETTLED_MS;
    let last: string | undefined;
    while (this.#sent[0] !== undefined && this.#sent[0].at <= due) last = this.#sent.shift()?.id;
    if (last !== undefined) await this.#write(last);
  }

  /** The connection was ended in good order, by us. */
  async settleAll(): Promise<void> {
    const last = this.#sent.at(-1)?.id;
    if (last !== undefined) await this.#write(last);
  }

  async #write(id: string): Promise<void> {
    if (id === this.#written) return;
    await this.#position.write(id);
    this.#written = id;
  }
}
