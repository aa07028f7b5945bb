import { lineOf } from '../entry/visible-text.js';
import { durationText } from '../explore/entry-row.js';
import { Message } from '../explore/list-state.js';
import { askedKey, askedTime, valuesOf } from '../list-page/asked-window.js';
import { Item, ItemsState, ListPage, partOf } from '../list-page/list-page.js';
import { OlderButton, usePages } from '../list-page/pages.js';
import { client } from '../state/api.js';
import { momentText, rangeText } from '../state/time-range.js';
import { go, view } from '../state/view.js';
import { Costs } from './costs.js';
import { RunView } from './run-view.js';
import { costText, RUN_PARTS, type Run, toneOf } from './runs-state.js';

const PAGE = 100;

/** Runs, each with its end and what it cost; and what was spent in all. */
export function Runs() {
  return partOf(RUN_PARTS) === 'costs' ? <Costs /> : <RunList />;
}

function RunList() {
  const { open, range } = view.value;
  const pages = usePages(askedKey(), async (cursor, call) => {
    const user = valuesOf('user');
    const query = { ...askedTime(), limit: PAGE, cursor, ...(user.length > 0 && { user }) };
    const { runs, next_cursor, partial } = await client.ask('GET /api/runs', { query, ...call });
    return { items: runs.reverse(), cursor: next_cursor, partial };
  });
  return (
    <ListPage
      title="Runs"
      parts={RUN_PARTS}
      filters={['user']}
      detail={open !== undefined && <RunView key={open} id={open} />}
    >
      {pages.items.map((run) => (
        <RunItem key={run.run_id} run={run} />
      ))}
      <OlderButton of={pages} />
      <ItemsState answer={pages} what="Runs cannot be read" hasItems={pages.items.length > 0}>
        <Message
          title="No runs"
          text={`None began in: ${rangeText(range)}. They come from withRun of the logger.`}
        >
          {'hours' in range && range.hours < 168 && (
            <button type="button" class="primary" onClick={() => go({ range: { hours: 168 } })}>
              Look at 7 days
            </button>
          )}
        </Message>
      </ItemsState>
    </ListPage>
  );
}

function RunItem({ run }: { readonly run: Run }) {
  const {
    run_id: id,
    status,
    started,
    duration_ms: ms,
    steps,
    failed_steps: failed,
    cost_usd: cost,
    user_id: user,
  } = run;
  return (
    <Item id={id}>
      <span class={`state-tag ${toneOf(status)}`}>{lineOf(status, 20).toLowerCase()}</span>
      <span class="what">{lineOf(id, 120)}</span>
      <span class="side">{started === null ? '' : momentText(Date.parse(started)).slice(0, 19)}</span>
      <span class="more">
        {[
          `${steps.toLocaleString()} steps${failed === 0 ? '' : `, ${failed.toLocaleString()} failed`}`,
          ms === null ? '' : durationText(ms),
          user === null ? '' : lineOf(user, 60),
        ]
          .filter((text) => text !== '')
          .join(' · ')}
      </span>
      <span class="side">{cost === 0 ? '' : costText(cost)}</span>
    </Item>
  );
}
