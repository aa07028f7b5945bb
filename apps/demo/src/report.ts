import type { CloseResult } from '@tailrace/logger';
import { DEFAULT_GATEWAY_URL, type DemoConfig, redactRedisUrl } from './config.js';
import type { TrafficCounts } from './traffic-counts.js';

/** What the demo says when it starts. `client` is one that will be busy. */
export function startText(
  { seconds, gatewayUrl }: DemoConfig,
  { appUrl, redisUrl, client }: { readonly appUrl: URL; readonly redisUrl: string; readonly client: string },
): string {
  return [
    `Tailrace demo: a small shop on ${appUrl.origin}, which logs to ${redactRedisUrl(redisUrl)}`,
    `It gets ${seconds} s of traffic; Ctrl-C ends it earlier.`,
    'Watch it in another terminal:',
    ...['logs-follow', 'logs-errors', `logs-ip ${client}`].map((recipe) => hint(gatewayUrl, recipe)),
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
      ? ['Look back in another terminal:', ...lookBack(counts).map((recipe) => hint(gatewayUrl, recipe))]
      : [`${logged.pending} were not written in time: Redis does not answer`]),
    '',
  ].join('\n');
}

/** A recipe as it is typed, with what it needs to find the gateway: `  npx -y pnpm@10 just logs`. */
export function hint(gatewayUrl: string, recipe: string): string {
  const setting = gatewayUrl === DEFAULT_GATEWAY_URL ? '' : `TAILRACE_URL=${gatewayUrl} `;
  return `  ${setting}npx -y pnpm@10 just ${recipe}`;
}

function lookBack({ busiest, unluckyUser, signedInUser }: TrafficCounts): string[] {
  const user = unluckyUser ?? signedInUser;
  const words = unluckyUser === undefined ? 'signed in' : 'cannot be paid';
  return [
    ...(busiest === undefined ? [] : [`logs-ip ${busiest.ip}`]),
    ...(user === undefined ? [] : [`logs-user ${user}`, `logs-search '${words}'`]),
  ];
}
