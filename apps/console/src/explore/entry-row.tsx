import { lineOf, visibleText } from '../entry/visible-text.js';
import type { Entry } from '../state/api.js';
import { clockText, momentText } from '../state/time-range.js';

/** Characters of a message in a list; the panel has all of it. */
const LINE = 400;
const WRAPPED = 2_000;

/** One entry on one line, or wrapped. */
export function EntryRow({
  entry,
  wrap,
  withDate,
}: {
  readonly entry: Entry;
  readonly wrap: boolean;
  readonly withDate: boolean;
}) {
  const ms = Date.parse(entry.timestamp);
  const text = wrap ? visibleText(entry.message.slice(0, WRAPPED)) : lineOf(entry.message, LINE);
  return (
    <>
      <time dateTime={entry.timestamp}>{withDate ? momentText(ms).slice(5) : clockText(ms)}</time>
      <span class={`level ${entry.level}`}>{entry.level}</span>
      <span class="component">{lineOf(entry.component, 40)}</span>
      <span class="said" dir="ltr">
        {entry.kind === 'request' ? <RequestText entry={entry} text={text} /> : text}
        {entry.error !== undefined && (
          <span class="tag bad">{lineOf(`${entry.error.type}: ${entry.error.message}`, 120)}</span>
        )}
      </span>
    </>
  );
}

function RequestText({ entry, text }: { readonly entry: Entry; readonly text: string }) {
  const { status_code: status, method, path, response_time_ms: ms, client_ip: ip, user_id: user } = entry;
  const isPlain = method !== undefined && path !== undefined && entry.message.startsWith(`${method} ${path}`);
  return (
    <>
      {status !== undefined && <b class={`status s${Math.floor(status / 100)}`}>{status}</b>}
      {isPlain ? (
        <>
          <span class="method">{lineOf(method, 10)}</span> {lineOf(path, LINE)}
        </>
      ) : (
        text
      )}
      {ms !== undefined && <span class="tag">{durationText(ms)}</span>}
      {ip !== undefined && <span class="tag">{ip}</span>}
      {user !== undefined && <span class="tag">{lineOf(user, 40)}</span>}
    </>
  );
}

/** `45 ms`, `1.8 s`. */
export function durationText(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
