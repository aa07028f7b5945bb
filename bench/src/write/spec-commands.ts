import { hourKey } from '@tailrace/schema';
import type { SampleRequest } from './sample-requests.js';

/** One Redis command: its name and arguments. */
export type Command = readonly (string | number)[];

const DAY_S = 86_400;
const REQUEST_DAYS = 7;

/**
 * What the snippets of spec 003 do for one request, in their order: the hash (`batch_logs`, with the retention it names),
 * every index with its EXPIRE (`add_to_index`), the stream, hourly statistics, errors and visitors.
 */
export function specCommands(request: SampleRequest): Command[] {
  const key = `req:${request.timestamp}:${request.client_ip}`;
  const hour = hourKey(request.timestamp);
  const stats = `stats:requests:${hour}`;
  const commands: Command[] = [
    ['HSET', key, ...Object.entries(request).flat()],
    ['EXPIRE', key, REQUEST_DAYS * DAY_S],
  ];
  for (const index of indexKeys(request)) {
    commands.push(['ZADD', index, request.timestamp, key], ['EXPIRE', index, DAY_S]);
  }
  commands.push(
    ['XADD', 'stream:requests', '*', 'data', JSON.stringify(request)],
    ['HINCRBY', stats, 'total', 1],
    ['HINCRBY', stats, `status_${request.status_code}`, 1],
    ['LPUSH', `${stats}:response_times`, request.response_time_ms],
    ['PFADD', `stats:unique_ips:${request.proxy_hostname}:${hour}`, request.client_ip],
  );
  if (request.status_code >= 400) commands.push(['HINCRBY', `stats:errors:${hour}`, request.status_code, 1]);
  return commands;
}

function indexKeys(request: SampleRequest): string[] {
  const keys = [
    `idx:req:ip:${request.client_ip}`,
    `idx:req:fqdn:${request.client_hostname}`,
    `idx:req:host:${request.proxy_hostname}`,
    `idx:req:user:${request.user_id}`,
    `idx:req:status:${request.status_code}`,
    `idx:req:path:${request.method}:${request.path}`,
  ];
  if (request.status_code >= 400) keys.push('idx:req:errors');
  if (request.response_time_ms > 1000) keys.push('idx:req:slow');
  return keys;
}
