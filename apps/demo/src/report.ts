import type { CloseResult } from '@tailrace/logger';
import { DEFAULT_GATEWAY_URL, type DemoConfig, redactRedisUrl } from './config.js';
import type { TrafficCounts } from './traffic-counts.js';

const RECIPE = '  npx -y pnpm@10 just';

/** What the demo says when it starts. `client` is one that will be busy. */
export function startText(
  { seconds, gatewayUrl }: DemoConfig,
  { appUrl, redisUrl, client }: { readonly appUrl: URL; readonly redisUrl: string; readonly client: string },
): string {
  return [
    `Tailrace demo: a small shop on ${appUrl.origin}, which logs to ${redactRedisUrl(redisUrl)}`,
    `It gets ${seconds} s of traffic; Ctrl-C ends it earlier.`,
    tryIn('Watch it', gatewayUrl),
    `${RECIPE} logs-follow`,
    `${RECIPE} logs-errors`,
    `${RECIPE} logs-ip ${client}`,
    '',
    '',
  ].join('\n');
}

/** One line that is shown while the traffic runs. */
export function progressText(counts: TrafficCounts, elapsedSeconds: number, seconds: number): string {
  return `${elapsedSeconds.toFixed(0)} of ${seconds} s, ${counts.total} requests: ${counts.classes}`;
}

/** What the demo says at its end, with commands whose values really occurred. */
export function summaryText(
  { gatewayUrl }: DemoConfig,
  counts: TrafficCounts,
  logged: CloseResult,
  elapsedSeconds: number,
): string {
  const dropped = Object.entries(logged.dropped).map(([reason, count]) => `${count} ${reason}`);
  const unanswered = counts.unanswered === 0 ? '' : `, ${counts.unanswered} without an answer`;
  const slowest = `slowest ${(counts.slowestMs / 1000).toFixed(2)} s`;
  return [
    `${counts.total} requests in ${elapsedSeconds.toFixed(1)} s (${counts.classes}; ${slowest}${unanswered})`,
    `${logged.accepted} entries accepted, ${logged.written} written, ${dropped.join(', ') || 'none'} dropped`,
    ...(logged.complete
      ? [tryIn('Look back', gatewayUrl), ...lookBack(counts)]
      : [`${logged.pending} were not written in time: Redis does not answer`]),
    '',
  ].join('\n');
}

function lookBack({ busiest, unluckyUser, signedInUser }: TrafficCounts): string[] {
  const user = unluckyUser ?? signedInUser;
  const words = unluckyUser === undefined ? 'signed in' : 'cannot be paid';
  return [
    ...(busiest === undefined ? [] : [`${RECIPE} logs-ip ${busiest.ip}`]),
    ...(user === undefined ? [] : [`${RECIPE} logs-user ${user}`, `${RECIPE} logs-search '${words}'`]),
  ];
}

function tryIn(what: string, gatewayUrl: string): string {
  const setting = gatewayUrl === DEFAULT_GATEWAY_URL ? '' : `, with TAILRACE_URL=${gatewayUrl} set`;
  return `${what} in another terminal${setting}:`;
}
