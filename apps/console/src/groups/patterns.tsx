import type { QueryOf } from '@tailrace/client';
import { lineOf, visibleText } from '../entry/visible-text.js';
import { Message } from '../explore/list-state.js';
import { askedKey, askedTime } from '../list-page/asked-window.js';
import { Facts } from '../list-page/facts.js';
import { Detail, Item, ItemsState, ListPage, ShowChoice, showOf } from '../list-page/list-page.js';
import { client } from '../state/api.js';
import { queryOf, withFilter } from '../state/filters.js';
import { momentText, rangeText } from '../state/time-range.js';
import { useReply } from '../state/use-reply.js';
import { go, goToPage, view } from '../state/view.js';
import { Coverage } from './coverage.js';
import { patternEntries } from './pattern-entries.js';

type Pattern = Awaited<ReturnType<typeof ask>>['patterns'][number];
const MOST = 200;
const CHOICES = [
  ['all', 'All'],
  ['new', 'New'],
  ['more', 'More than usual'],
  ['gone', 'Gone'],
] as const;
const TONES: Readonly<Record<Pattern['state'], string>> = {
  new: 'failed',
  more: 'abandoned',
  gone: 'abandoned',
  usual: '',
};

/** What the log says, without what differs from one entry to the next. */
export function Patterns() {
  const { open, range } = view.value;
  const show = showOf(CHOICES);
  const answer = useReply(`${show} ${askedKey()}`, (call) => ask(show, call));
  const patterns = answer.reply?.patterns ?? [];
  const pattern = patterns.find(({ id }) => id === open);
  return (
    <ListPage title="Patterns" detail={pattern !== undefined && <PatternView pattern={pattern} />}>
      <div class="choices">
        <ShowChoice label="Which patterns" choices={CHOICES} />
      </div>
      {answer.reply !== undefined && patterns.length > 0 && (
        <Coverage of={answer.reply} what="patterns" shown={patterns.length} />
      )}
      {patterns.map((one) => (
        <Item key={one.id} id={one.id}>
          <span class={`state-tag ${TONES[one.state]}`}>{one.state}</span>
          <span class="what mono">{lineOf(one.pattern, 240)}</span>
          <b class="many">{one.count.toLocaleString()}</b>
          <span class="more">{rateText(one)}</span>
        </Item>
      ))}
      <ItemsState answer={answer} what="Patterns cannot be found" hasItems={patterns.length > 0}>
        <Message
          title={show === 'all' ? 'Nothing was logged' : 'No such patterns'}
          text={`None in: ${rangeText(range)}, compared with the 24 hours before.`}
        >
          {show !== 'all' && (
            <button type="button" class="primary" onClick={() => go({ show: undefined }, { replace: true })}>
              Show all patterns
            </button>
          )}
        </Message>
      </ItemsState>
    </ListPage>
  );
}

function PatternView({ pattern }: { readonly pattern: Pattern }) {
  const filters = patternEntries(pattern.pattern);
  return (
    <Detail
      label="Pattern"
      head={
        <>
          <span class={`state-tag ${TONES[pattern.state]}`}>{pattern.state}</span>
          <strong>{`${pattern.count.toLocaleString()} entries`}</strong>
        </>
      }
    >
      <p class="text pre">{visibleText(pattern.pattern)}</p>
      <div class="buttons">
        {filters !== undefined && (
          <button
            type="button"
            class="primary"
            onClick={() =>
              goToPage('explore', { filters: filters.reduce(withFilter, [...view.value.filters]) })
            }
          >
            Its entries
          </button>
        )}
      </div>
      <Facts
        of={[
          ['An hour', rateText(pattern)],
          ['First', pattern.first_seen === null ? '' : momentText(Date.parse(pattern.first_seen))],
          ['Last', pattern.last_seen === null ? '' : momentText(Date.parse(pattern.last_seen))],
          ['Before', `${pattern.before.toLocaleString()} entries`],
        ]}
      />
      <h2>One of them</h2>
      <p class="text pre">{visibleText(pattern.sample)}</p>
    </Detail>
  );
}

function rateText({ per_hour: now, before_per_hour: before, state }: Pattern): string {
  const rate = (value: number) =>
    (value < 10 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString();
  const is = state === 'gone' ? 'none now' : `${rate(now)} an hour`;
  return state === 'new' ? is : `${is}, ${rate(before)} before`;
}

function ask(show: string, call: { readonly signal: AbortSignal }) {
  const query = { ...queryOf(view.value.filters), ...askedTime(), show, limit: MOST };
  return client.ask('GET /logs/patterns', { query: query as QueryOf<'GET /logs/patterns'>, ...call });
}
