import { effect, signal, untracked } from '@preact/signals';
import type { Client } from '@tailrace/client';
import { client, type Trouble, troubleOf } from '../state/api.js';
import { refreshes } from '../state/search.js';
import { noteTrouble } from '../state/session.js';
import { windowOf } from '../state/time-range.js';
import { searchKey, view } from '../state/view.js';

export interface FlowsReply extends Awaited<ReturnType<Client['oauthFlows']>> {}
export type Flow = FlowsReply['flows'][number];
export type Step = Flow['steps'][number];

export const flows = signal<FlowsReply | undefined>(undefined);
export const flowsTrouble = signal<Trouble | undefined>(undefined);

/** Asks anew with each change of time, client or user. */
export function followFlows(): void {
  let ending = new AbortController();
  effect(() => {
    searchKey.value;
    refreshes.value;
    ending.abort();
    ending = new AbortController();
    untracked(() => void load(ending.signal));
  });
}

async function load(ending: AbortSignal): Promise<void> {
  const { page, range, filters } = view.value;
  if (page !== 'flows') return;
  const { from, to } = windowOf(range, Date.now());
  const one = (name: string) => filters.find((filter) => filter.name === name && !filter.not)?.value;
  const [client_id, username, ip] = [one('client'), one('user'), one('ip')];
  const time = { from: new Date(from), to: new Date(to), limit: 200 };
  try {
    flows.value =
      ip === undefined
        ? await client.oauthFlows({ ...time, client_id, username }, { signal: ending })
        : await client.oauthFlowsOf(ip, time, { signal: ending });
    flowsTrouble.value = undefined;
    noteTrouble(undefined);
  } catch (error) {
    const trouble = troubleOf(error, ending);
    if (trouble === undefined) return;
    noteTrouble(trouble);
    flowsTrouble.value = trouble;
  }
}
