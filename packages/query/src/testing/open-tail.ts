import { type Entry, Keyspace } from '@tailrace/schema';
import { Redis } from 'ioredis';
import { createTail, type Following, type FollowRequest, type Tail, type TailOptions } from '../tail/tail.js';
import type { StatusEvent, TailEvent } from '../tail/tail-event.js';

/** A tail of a stream of its own, and all a test needs around it. */
export interface OpenTail {
  readonly tail: Tail;
  readonly key: string;
  /** The blocking connections the tail has opened. */
  readonly connections: readonly Redis[];
  /** Adds an entry for each message, and replies their stream ids. */
  write(...messages: string[]): Promise<string[]>;
  follow(request?: Partial<FollowRequest>): Promise<TestFollower>;
}

/** A follower whose events are read as texts: an entry's message, `missed 3`, `gap trimmed 3`. */
export interface TestFollower {
  readonly following: Following;
  /** What it was told of Redis: `up` or `down`. */
  readonly statuses: readonly string[];
  /** Waits for so many. */
  take(count: number): Promise<string[]>;
  /** All there is until nothing has come for a while. */
  rest(): Promise<string[]>;
}

/** Longer than any wait of the tail without a reason. */
const SILENCE_MS = 300;

let spaces = 0;

/** Opens one on the engine at `url`. */
export function openTail(redis: Redis, url: string, options: Partial<TailOptions> = {}): OpenTail {
  const keyspace = new Keyspace({ prefix: `tail${spaces++}:` });
  const key = keyspace.stream();
  const connections: Redis[] = [];
  const connect = () => {
    const connection = new Redis(url, {
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => 50,
    });
    connection.on('error', () => {});
    connections.push(connection);
    return connection;
  };
  const tail = createTail({ redis, connect, keyspace, ...options });
  return {
    tail,
    key,
    connections,
    async write(...messages) {
      const pipeline = redis.pipeline();
      for (const message of messages) pipeline.xadd(key, '*', 'data', JSON.stringify(logOf(message)));
      return ((await pipeline.exec()) ?? []).map(([, id]) => id as string);
    },
    async follow(request = {}) {
      return testFollower(await tail.follow({ filter: {}, ...request }));
    },
  };
}

/** An entry with a message, as the stream has it. */
export function logOf(message: string): Entry {
  return {
    id: `log:1:app:${message}`,
    timestamp: 1,
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message,
    objects: ['vm-1'],
  };
}

function testFollower(following: Following): TestFollower {
  const texts: string[] = [];
  const statuses: string[] = [];
  const more = async (waitMs: number) => {
    const events = await following.next(waitMs);
    for (const event of events ?? []) {
      if (event.type === 'status') statuses.push(event.available ? 'up' : 'down');
      else texts.push(textOf(event));
    }
    return events;
  };
  return {
    following,
    statuses,
    async take(count) {
      while (texts.length < count && (await more(10_000)) !== undefined);
      return texts.splice(0, count);
    },
    async rest() {
      let silentSince = performance.now();
      while (performance.now() - silentSince < SILENCE_MS) {
        const events = await more(SILENCE_MS);
        if (events === undefined) break;
        if (events.length > 0) silentSince = performance.now();
      }
      return texts.splice(0);
    },
  };
}

function textOf(event: Exclude<TailEvent, StatusEvent>): string {
  if (event.type === 'entry') return event.entry.message;
  if (event.type === 'missed') return `missed ${event.count}`;
  return `gap ${event.reason} ${event.entries}`;
}
