import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { nextRequest } from './client-requests.js';
import { type DemoClient, pickClient } from './clients.js';
import type { Random } from './random.js';
import { sendRequest } from './send-request.js';
import type { TrafficCounts } from './traffic-counts.js';

/** What {@link sendTraffic} works with. */
export interface TrafficOptions {
  /** Where the demo app listens. */
  readonly url: URL;
  readonly seconds: number;
  readonly clients: readonly DemoClient[];
  readonly random: Random;
  /** Kept up to date while the traffic runs. */
  readonly counts: TrafficCounts;
  /** Ends the traffic early. */
  readonly signal: AbortSignal;
}

/** Requests a second: it rises and falls between 20 and 60 in waves of 20 s. */
const MEAN_RATE = 40;
const RATE_SWING = 20;
const WAVE_MS = 20_000;
const TICK_MS = 25;
/** Requests that may wait for their answer; while as many do, no further ones are sent. */
const MAX_IN_FLIGHT = 64;
/** What a pause of this machine may leave to catch up with. */
const MAX_DUE = 10;

/** Sends bounded, varied requests until the time is over; resolves when the last one is answered. */
export async function sendTraffic(options: TrafficOptions): Promise<void> {
  const { seconds, clients, random, signal } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });
  const inFlight = new Set<Promise<void>>();
  const started = performance.now();
  const end = started + seconds * 1000;
  let due = 1;
  for (let now = started, last = started; now < end && !signal.aborted; last = now, now = performance.now()) {
    due = Math.min(due + ((now - last) / 1000) * rateAt(now - started), MAX_DUE);
    for (; due >= 1 && inFlight.size < MAX_IN_FLIGHT; due--) {
      const sent = sendOne(options, agent, pickClient(clients, random)).finally(() => inFlight.delete(sent));
      inFlight.add(sent);
    }
    await sleep(TICK_MS, undefined, { signal }).catch(() => {});
  }
  await Promise.all(inFlight);
  agent.destroy();
}

function rateAt(elapsedMs: number): number {
  return MEAN_RATE + RATE_SWING * Math.sin((2 * Math.PI * elapsedMs) / WAVE_MS);
}

/** Never rejects: a request that fails on its way is counted. */
async function sendOne(
  { url, random, counts }: TrafficOptions,
  agent: Agent,
  client: DemoClient,
): Promise<void> {
  const request = nextRequest(client, random);
  const started = performance.now();
  try {
    const { status, cookie, location } = await sendRequest(url, agent, client, request);
    if (cookie !== undefined) client.cookie = cookie;
    if (location !== undefined) client.orderPath = location;
    counts.answered(client, request, status, performance.now() - started);
  } catch {
    counts.failed();
  }
}
