import { get, type IncomingMessage } from 'node:http';
import { nowMicroseconds } from './clock.js';

const WARM_UP = 1_000;

/** What a process of followers has seen. */
export interface Seen {
  readonly entries: number;
  readonly missed: number;
  /** From the log call to the line here, in milliseconds, of every 10th line after the first 1,000. */
  readonly latenciesMs: readonly number[];
}

/**
 * Runs in a process of its own: `followers.js GATEWAY COUNT [USERS]` opens so many streams, each of another user where
 * there are users; says `open`, and replies to any message with what has been seen until then.
 */
async function main([gateway = '', count = '', users]: readonly string[]): Promise<void> {
  let entries = 0;
  let missed = 0;
  const latenciesMs: number[] = [];
  const take = (block: string) => {
    if (block.startsWith('event: missed')) missed += Number(/"count":(\d+)/.exec(block)?.[1]);
    const at = /"data":\{"at":(\d+)\}/.exec(block)?.[1];
    if (at === undefined) return;
    entries += 1;
    // The first entries wait for the writer's connection.
    if (entries > WARM_UP && entries % 10 === 0) latenciesMs.push((nowMicroseconds() - Number(at)) / 1_000);
  };
  for (let n = 0; n < Number(count); n++) {
    const filter = users === undefined ? 'component=auth' : `user=user-${n % Number(users)}`;
    read(await open(`${gateway}/logs/stream?${filter}`), take);
  }
  process.on('message', () => process.send?.({ entries, missed, latenciesMs } satisfies Seen));
  process.send?.('open');
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`${url}: ${response.statusCode}`));
    }).on('error', reject);
  });
}

function read(response: IncomingMessage, take: (block: string) => void): void {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) take(block);
  });
}

await main(process.argv.slice(2));
