import { useEffect, useState } from 'preact/hooks';
import type { Trouble } from '../state/api.js';
import { noted } from '../state/session.js';
import { type Answer, useReply } from '../state/use-reply.js';

/** One page of a list. */
export interface ItemPage<One> {
  /** Newest first. */
  readonly items: readonly One[];
  /** Where older ones are; null: there are none. */
  readonly cursor: string | null;
  readonly partial: boolean;
}

/** A list that is loaded page by page. */
export interface Pages<One> extends Answer<unknown> {
  readonly items: readonly One[];
  readonly partial: boolean;
  /** Loads older ones; missing: there are none. */
  readonly older: (() => void) | undefined;
  readonly isPaging: boolean;
  readonly olderTrouble: Trouble | undefined;
}

/** Asks for a list, and for older pages of it as they are wanted. */
export function usePages<One>(
  key: string,
  ask: (cursor: string | undefined, call: { readonly signal: AbortSignal }) => Promise<ItemPage<One>>,
): Pages<One> {
  const first = useReply(key, (call) => ask(undefined, call));
  const [more, setMore] = useState<readonly ItemPage<One>[]>([]);
  const [isPaging, setPaging] = useState(false);
  const [olderTrouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const [ending, setEnding] = useState(() => new AbortController());
  // With another first page, what came after the one before is of no use.
  useEffect(() => {
    setMore([]);
    setPaging(false);
    setTrouble(undefined);
    const next = new AbortController();
    setEnding(next);
    return () => next.abort();
  }, [first.reply]);
  const shown = first.reply === undefined ? [] : [first.reply, ...more];
  const cursor = shown.at(-1)?.cursor ?? null;
  const load = async () => {
    if (cursor === null || isPaging) return;
    setPaging(true);
    const { signal } = ending;
    const answer = await noted(ask(cursor, { signal }), signal);
    if (answer === undefined) return;
    setPaging(false);
    setTrouble('trouble' in answer ? answer.trouble : undefined);
    if ('reply' in answer) setMore((before) => [...before, answer.reply]);
  };
  return {
    ...first,
    items: shown.flatMap(({ items }) => items),
    partial: shown.at(-1)?.partial ?? false,
    older: cursor === null ? undefined : () => void load(),
    isPaging,
    olderTrouble,
  };
}

/** Loads what is older, at the end of a list. */
export function OlderButton({
  of: { older, isPaging, partial, olderTrouble },
}: {
  readonly of: Pages<unknown>;
}) {
  if (older === undefined) return null;
  return (
    <p class="older">
      {partial && <span class="hint warn">The search stopped at its budget. </span>}
      <button type="button" disabled={isPaging} onClick={older}>
        {isPaging ? 'Searching…' : 'Older'}
      </button>
      {olderTrouble !== undefined && <span class="hint bad">{olderTrouble.message}</span>}
    </p>
  );
}
