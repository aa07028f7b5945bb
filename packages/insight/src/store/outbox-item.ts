import type { AlertEvent } from './alert-event.js';
import type { OutboxItem } from './alert-store.js';

/** A notification as it waits in the outbox. Times are epoch milliseconds. */
export interface OutboxMessage {
  readonly event: AlertEvent;
  readonly channel: string;
  /** When it was put there. */
  readonly since: number;
  /** Times it failed. */
  readonly tries: number;
  /** Why it failed last. */
  readonly error?: string;
  /** It was delivered, and is told again as long as the alert fires. */
  readonly isDelivered?: boolean;
  /** Key of the notification that must be delivered before. */
  readonly after?: string;
}

/** Makes a notification of an event to one channel. @param message.after id of the event the same channel must know before */
export function outboxItem({
  event,
  channel,
  now,
  after,
}: {
  readonly event: AlertEvent;
  readonly channel: string;
  readonly now: number;
  readonly after?: string | undefined;
}): OutboxItem {
  const message: OutboxMessage = {
    event,
    channel,
    since: now,
    tries: 0,
    ...(after !== undefined && { after: outboxKey(after, channel) }),
  };
  return { key: outboxKey(event.id, channel), json: JSON.stringify(message), due: now };
}

/** Where a notification stands in the outbox. */
export function outboxKey(id: string, channel: string): string {
  return `${id}|${channel}`;
}
