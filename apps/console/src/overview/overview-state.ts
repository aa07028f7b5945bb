import { signal } from '@preact/signals';
import type { Client } from '@tailrace/client';
import { client, type Query, type Trouble } from '../state/api.js';
import { followQuestion } from '../state/question.js';
import { noted } from '../state/session.js';
import { windowOf } from '../state/time-range.js';
import { view } from '../state/view.js';

/** All the overview shows, of one moment. */
export interface Figures {
  readonly stats: Reply<'stats'>;
  readonly paths: Reply<'top'>;
  readonly failing: Reply<'top'>;
  readonly clients: Reply<'top'>;
  readonly slow: Reply<'slow'>;
  readonly delivery: Reply<'delivery'>;
  readonly archive: Reply<'archive'>;
  readonly health: Reply<'health'>;
}

type Reply<Name extends 'stats' | 'top' | 'slow' | 'delivery' | 'archive' | 'health'> = Awaited<
  ReturnType<Client[Name]>
>;

export type Cost = Awaited<ReturnType<Client['cost']>>;

/** What logs cost; it comes later than the figures, and stays when it cannot be measured again. */
export const cost = signal<Cost | undefined>(undefined);
export const figures = signal<Figures | undefined>(undefined);
export const figuresTrouble = signal<Trouble | undefined>(undefined);

const REFRESH_MS = 30_000;
const MOST = 8;

/** Asks anew with each change of time, and now and then while it is in sight. */
export function followOverview(): void {
  const askAgain = followQuestion((ending) => void load(ending));
  setInterval(() => {
    if (!document.hidden) askAgain();
  }, REFRESH_MS);
}

async function load(ending: AbortSignal): Promise<void> {
  const { page, range } = view.value;
  if (page !== 'overview') return;
  const { from, to } = windowOf(range, Date.now());
  void client.cost({ signal: ending }).then(
    (reply) => {
      if (!ending.aborted) cost.value = reply;
    },
    () => {},
  );
  const answer = await noted(ask({ from: new Date(from), to: new Date(to) }, ending), ending);
  if (answer === undefined) return;
  figuresTrouble.value = 'trouble' in answer ? answer.trouble : undefined;
  if ('reply' in answer) figures.value = answer.reply;
}

async function ask(time: { from: Date; to: Date }, signal: AbortSignal): Promise<Figures> {
  const call = { signal };
  const [stats, paths, failing, clients, slow, delivery, archive, health] = await Promise.all([
    client.stats(time, call),
    client.top({ ...time, by: 'path', limit: MOST }, call),
    client.top({ ...time, by: 'path', limit: MOST, status: ['4xx', '5xx'] } as Query & { by: string }, call),
    client.top({ ...time, by: 'ip', limit: MOST }, call),
    client.slow({ ...time, order: 'slowest', threshold: 1, limit: MOST }, call),
    client.delivery(call),
    client.archive(call),
    client.health(call),
  ]);
  return { stats, paths, failing, clients, slow, delivery, archive, health };
}
