import type { DemoRequest } from './client-requests.js';
import type { DemoClient } from './clients.js';

/** What the traffic has met so far. */
export class TrafficCounts {
  /** Requests that were answered. */
  total = 0;
  /** Requests without an answer. */
  unanswered = 0;
  slowestMs = 0;
  /** The last who signed in. */
  signedInUser: string | undefined;
  /** A customer whose order could not be paid. */
  unluckyUser: string | undefined;
  readonly #byClass = new Map<number, number>();
  readonly #byIp = new Map<string, number>();

  answered(client: DemoClient, { path }: DemoRequest, status: number, durationMs: number): void {
    this.total++;
    this.slowestMs = Math.max(this.slowestMs, durationMs);
    increment(this.#byClass, Math.floor(status / 100));
    increment(this.#byIp, client.ip);
    if (status === 200 && path === '/login') this.signedInUser = client.user;
    if (status >= 500 && path === '/orders') this.unluckyUser = client.user;
  }

  failed(): void {
    this.unanswered++;
  }

  /** `2xx 310, 4xx 41, 5xx 2` */
  get classes(): string {
    return [...this.#byClass]
      .sort(([a], [b]) => a - b)
      .map(([statusClass, count]) => `${statusClass}xx ${count}`)
      .join(', ');
  }

  /** The client with the most requests, `undefined` while there is none. */
  get busiest(): { readonly ip: string; readonly count: number } | undefined {
    const [first] = [...this.#byIp].sort(([, a], [, b]) => b - a);
    return first && { ip: first[0], count: first[1] };
  }
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
