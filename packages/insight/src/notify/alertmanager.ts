import type { AlertEvent } from '../store/alert-event.js';
import type { AddressCheck } from './addresses.js';
import { post } from './http-post.js';
import type { Sender } from './sender.js';

/** @see alertmanagerSender */
export interface AlertmanagerOptions {
  /** Where it listens; `/api/v2/alerts` is added. */
  readonly url: string;
  /** Labels every alert gets beside its own. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly mayConnect: AddressCheck;
}

/** An alert that fires is told again so often, and taken as resolved by Alertmanager four times later. */
const RENEW_MS = 60_000;

/** Posts to Prometheus Alertmanager's API v2. It groups, routes and de-duplicates by labels. */
export function alertmanagerSender({ url, labels, headers, mayConnect }: AlertmanagerOptions): Sender {
  const address = `${url.replace(/\/+$/, '')}/api/v2/alerts`;
  return {
    renewMs: RENEW_MS,
    send(event, { now, signal }) {
      const body = JSON.stringify([alertOf(event, labels ?? {}, now)]);
      return post({
        url: address,
        body,
        headers: { ...headers, 'content-type': 'application/json' },
        mayConnect,
        signal,
      });
    },
  };
}

function alertOf(event: AlertEvent, more: Readonly<Record<string, string>>, now: number) {
  const { status, rule, severity, name, description, runbook, condition, value, alert, id } = event;
  const endsAt = status === 'resolved' ? Math.max(event.at, event.startedAt + 1) : now + 4 * RENEW_MS;
  const own = Object.entries(event.labels).map(([label, text]) => [labelName(label), text]);
  return {
    labels: { ...more, ...Object.fromEntries(own), alertname: rule, severity },
    annotations: {
      summary: name,
      description: description ?? '',
      condition,
      value: value === null ? 'no data' : String(value),
      alert,
      id,
      ...(runbook !== null && { runbook_url: runbook }),
    },
    startsAt: new Date(event.startedAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  };
}

/** Prometheus allows letters, digits and `_` in a label's name. */
function labelName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}
