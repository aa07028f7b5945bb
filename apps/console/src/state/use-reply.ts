import { useEffect, useState } from 'preact/hooks';
import type { Trouble } from './api.js';
import { refreshes } from './question.js';
import { noted } from './session.js';

/** What became of a question. */
export interface Answer<Reply> {
  /** The newest there is; it stays while the same is asked anew. */
  readonly reply: Reply | undefined;
  /** Why there is no newer one. */
  readonly trouble: Trouble | undefined;
  readonly isLoading: boolean;
}

/**
 * Asks the gateway for as long as a component is shown: whenever `key` changes, or the page is asked anew.
 *
 * @param key all the question depends on, as one text; `undefined` asks nothing
 * @param everyMs asks again after so long, while the page is in sight @default never
 */
export function useReply<Reply>(
  key: string | undefined,
  ask: (call: { readonly signal: AbortSignal }) => Promise<Reply>,
  everyMs?: number,
): Answer<Reply> {
  const [told, tell] = useState<{ key?: string; reply?: Reply; trouble?: Trouble }>({});
  const [isLoading, setLoading] = useState(true);
  const asked = refreshes.value;
  useEffect(() => {
    if (key === undefined) return;
    const ending = new AbortController();
    const { signal } = ending;
    const look = async () => {
      const answer = await noted(ask({ signal }), signal);
      if (answer === undefined) return;
      setLoading(false);
      if ('reply' in answer) tell({ key, reply: answer.reply });
      else tell((before) => ({ ...(before.key === key && before), key, trouble: answer.trouble }));
    };
    setLoading(true);
    void look();
    const timer =
      everyMs === undefined
        ? undefined
        : setInterval(() => {
            if (!document.hidden) void look();
          }, everyMs);
    return () => {
      ending.abort();
      clearInterval(timer);
    };
  }, [key, asked]);
  const isOfThis = told.key === key;
  return {
    reply: isOfThis ? told.reply : undefined,
    trouble: isOfThis ? told.trouble : undefined,
    isLoading: key !== undefined && (isLoading || !isOfThis),
  };
}
