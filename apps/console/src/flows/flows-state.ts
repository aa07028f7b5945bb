import { signal } from '@preact/signals';
import type { Client } from '@tailrace/client';
import { client, type Trouble } from '../state/api.js';
import { followQuestion } from '../state/question.js';
import { noted } from '../state/session.js';
import { windowOf } from '../state/time-range.js';
import { view } from '../state/view.js';

export interface FlowsReply extends Awaited<ReturnType<Client['oauthFlows']>> {}
export type Flow = FlowsReply['flows'][number];
export type Step = Flow['steps'][number];

export const flows = signal<FlowsReply | undefined>(undefined);
export const flowsTrouble = signal<Trouble | undefined>(undefined);

/** Asks anew with each change of time, client or user. */
export function followFlows(): void {
  followQuestion((ending) => void load(ending));
}

async function load(ending: AbortSignal): Promise<void> {
  const { page, range, filters } = view.value;
  if (page !== 'flows') return;
  const { from, to } = windowOf(range, Date.now());
  const one = (name: string) => filters.find((filter) => filter.name === name && !filter.not)?.value;
  const [client_id, username, ip] = [one('client'), one('user'), one('ip')];
  const time = { from: new Date(from), to: new Date(to), limit: 200 };
  const call = { signal: ending };
  const answer = await noted(
    ip === undefined
      ? client.oauthFlows({ ...time, client_id, username }, call)
      : client.oauthFlowsOf(ip, time, call),
    ending,
  );
  if (answer === undefined) return;
  flowsTrouble.value = 'trouble' in answer ? answer.trouble : undefined;
  if ('reply' in answer) flows.value = answer.reply;
}
