import { lineOf } from '../entry/visible-text.js';
import { durationText } from '../explore/entry-row.js';
import { Failure } from '../explore/list-state.js';
import { Facts } from '../list-page/facts.js';
import { Detail } from '../list-page/list-page.js';
import { momentText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { go, goToPage } from '../state/view.js';
import { askRun, costText, type Moment, type Run, toneOf } from './runs-state.js';

/** One run, moment by moment. */
export function RunView({ id }: { readonly id: string }) {
  const { reply, trouble } = useReply(id, (call) => askRun(id, call));
  return (
    <Detail
      label="Run"
      head={
        <>
          {reply !== undefined && (
            <span class={`state-tag ${toneOf(reply.run.status)}`}>{reply.run.status.toLowerCase()}</span>
          )}
          <strong>{lineOf(id, 120)}</strong>
        </>
      }
    >
      {reply === undefined && trouble === undefined && <p class="hint">Searching…</p>}
      {trouble !== undefined && (
        <Failure trouble={trouble} what="This run cannot be read" isOver={reply !== undefined} />
      )}
      {reply !== undefined && (
        <>
          <Summary run={reply.run} />
          {reply.partial && <p class="hint warn">It has more entries than were read.</p>}
          <h2>Moment by moment</h2>
          <ol class="timeline">
            {reply.timeline.map((moment) => (
              <MomentRow key={moment.id} moment={moment} whole={reply.run.duration_ms} />
            ))}
          </ol>
        </>
      )}
    </Detail>
  );
}

function Summary({ run }: { readonly run: Run }) {
  const { run_id: id, started, ended, user_id: user, duration_ms: ms, cost_usd: cost } = run;
  const range =
    started === null
      ? {}
      : {
          range: {
            from: Date.parse(started) - 1_000,
            to: ended === null ? Date.now() : Date.parse(ended) + 60_000,
          },
        };
  return (
    <>
      <div class="buttons">
        <button
          type="button"
          class="primary"
          onClick={() =>
            goToPage('explore', { ...range, filters: [{ name: 'data.run_id', value: id, not: false }] })
          }
        >
          All its entries
        </button>
        {cost > 0 && (
          <button type="button" onClick={() => go({ part: 'costs', show: 'run', open: undefined, ...range })}>
            Costs then
          </button>
        )}
      </div>
      <Facts
        of={[
          ['Began', started === null ? '' : momentText(Date.parse(started))],
          ['Ended', ended === null ? 'not yet' : momentText(Date.parse(ended))],
          ['Took', ms === null ? '' : durationText(ms)],
          ['User', lineOf(user ?? '', 100)],
          ['Steps', `${run.steps.toLocaleString()}, ${run.failed_steps.toLocaleString()} failed`],
          ['Cost', costText(cost)],
          ['Tokens', run.tokens.toLocaleString()],
        ]}
      />
    </>
  );
}

function MomentRow({ moment, whole }: { readonly moment: Moment; readonly whole: number | null }) {
  const { id, timestamp, event, tool, step_id: step, status, decision, message } = moment;
  const at = Date.parse(timestamp);
  const isBad = status === 'FAILED' || decision === 'BLOCK' || decision === 'DENY' || status === 'ERROR';
  const name = [event ?? message, tool ?? step].filter((text) => text !== null && text !== '').join(' · ');
  const facts = [
    status,
    decision,
    moment.duration_ms === null ? null : durationText(moment.duration_ms),
    moment.cost_usd === null ? null : costText(moment.cost_usd),
    moment.tokens === null ? null : `${moment.tokens.toLocaleString()} tokens`,
    moment.model,
  ].filter((text) => text !== null);
  const place = whole === null || whole <= 0 ? 0 : Math.min(100, (moment.offset_ms / whole) * 100);
  return (
    <li>
      <button
        type="button"
        class={isBad ? 'moment failed' : 'moment'}
        title="Open the entry"
        onClick={() =>
          goToPage('explore', { range: { from: at - 60_000, to: at + 60_000 }, filters: [], open: id })
        }
      >
        <span class="when">{`+${durationText(moment.offset_ms)}`}</span>
        <span class="what">{lineOf(name, 160)}</span>
        <span class="facts-line">{lineOf(facts.join(' · '), 200)}</span>
        <span class="place" aria-hidden="true">
          <span style={{ left: `${place}%` }} />
        </span>
      </button>
    </li>
  );
}
