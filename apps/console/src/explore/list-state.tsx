import { liveTrouble } from '../live/live-state.js';
import type { Trouble } from '../state/api.js';
import { refresh } from '../state/question.js';
import { found } from '../state/search.js';
import { rangeText } from '../state/time-range.js';
import { go, view } from '../state/view.js';

/** What stands in place of entries where there are none: why, and what to do. */
export function ListState({ rows }: { readonly rows: number }) {
  const { live, range, filters } = view.value;
  const { state, trouble, partial } = found.value;
  if (live) {
    if (rows > 0 || liveTrouble.value !== undefined) return null;
    return <Message title="Nothing yet" text="Entries appear here as they are written." />;
  }
  if (state === 'failed' && trouble !== undefined) return <Failure trouble={trouble} isOver={rows > 0} />;
  if (rows > 0) return null;
  if (state === 'loading') return <Skeleton />;
  if (partial)
    return (
      <Message
        title="Nothing found so far"
        text="The search stopped at its budget. Look further back, or narrow the time."
      />
    );
  return (
    <Message title="No entries" text={`Nothing matches in: ${rangeText(range)}.`}>
      {'hours' in range && range.hours < 24 && (
        <button type="button" class="primary" onClick={() => go({ range: { hours: 24 } })}>
          Look at 24 hours
        </button>
      )}
      {'hours' in range && range.hours < 168 && (
        <button type="button" onClick={() => go({ range: { hours: 168 } })}>
          7 days
        </button>
      )}
      {filters.length > 0 && (
        <button type="button" onClick={() => go({ filters: [] })}>
          Remove the filters
        </button>
      )}
    </Message>
  );
}

interface FailureProps {
  readonly trouble: Trouble;
  /** @default The search failed */
  readonly what?: string;
  /** Whether it lies over rows that are shown. */
  readonly isOver?: boolean;
}

/** Why the gateway did not answer. */
export function Failure({ trouble, what = 'The search failed', isOver = false }: FailureProps) {
  const title = trouble.kind === 'connection' ? 'No connection to the gateway' : what;
  const text =
    trouble.requestId === undefined ? trouble.message : `${trouble.message} (request ${trouble.requestId})`;
  return (
    <Message title={title} text={text} tone={isOver ? 'bad over' : 'bad'}>
      <button type="button" class="primary" onClick={refresh}>
        Try again
      </button>
    </Message>
  );
}

interface MessageProps {
  readonly title: string;
  readonly text: string;
  readonly tone?: string;
  readonly children?: preact.ComponentChildren;
}

/** A few words in the middle of an empty place. */
export function Message({ title, text, tone = '', children }: MessageProps) {
  return (
    <div class={`state ${tone}`} role={tone === '' ? 'status' : 'alert'}>
      <h2>{title}</h2>
      <p>{text}</p>
      {children && <div class="buttons">{children}</div>}
    </div>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: 12 }, (_, i) => (
        <div key={i} />
      ))}
    </div>
  );
}
