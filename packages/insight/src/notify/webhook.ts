import { createHmac } from 'node:crypto';
import type { AlertEvent } from '../store/alert-event.js';
import type { AddressCheck } from './addresses.js';
import { post } from './http-post.js';
import type { Sender } from './sender.js';

/** @see webhookSender */
export interface WebhookOptions {
  readonly url: string;
  /** `whsec_` and base64, or any text. @default requests are not signed */
  readonly secret?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly mayConnect: AddressCheck;
}

/** Posts CloudEvents 1.0 (structured mode), signed as Standard Webhooks says. */
export function webhookSender({ url, secret, headers, mayConnect }: WebhookOptions): Sender {
  return {
    send(event, { now, signal }) {
      const body = JSON.stringify(cloudEvent(event));
      const timestamp = String(Math.floor(now / 1_000));
      const signed = {
        'webhook-id': event.id,
        'webhook-timestamp': timestamp,
        ...(secret !== undefined && {
          'webhook-signature': webhookSignature(secret, event.id, timestamp, body),
        }),
      };
      const type = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
      return post({ url, body, headers: { ...headers, ...type, ...signed }, mayConnect, signal });
    },
  };
}

/** `v1,` and the HMAC-SHA256 of id, timestamp and body, in base64 (Standard Webhooks 1.0). */
export function webhookSignature(secret: string, id: string, timestamp: string, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** An event as CloudEvents 1.0 has it. */
export function cloudEvent(event: AlertEvent): Readonly<Record<string, unknown>> {
  const { startedAt, at, ...data } = event;
  return {
    specversion: '1.0',
    id: event.id,
    source: 'tailrace',
    type: `tailrace.alert.${event.status}`,
    subject: event.alert,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: { ...data, started_at: new Date(startedAt).toISOString(), at: new Date(at).toISOString() },
  };
}
